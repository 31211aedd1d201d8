from datetime import date

from schemas.privacy import Pointer, PrivacyUnit, RunKey
from transforms.noise.looser_settings import budget_of, list_loosened
from transforms.noise.settings import NoiseSettings, Timing
from transforms.privacy.budget import Budget


def test_the_policy_itself_is_not_loosened() -> None:
    assert list_loosened(NoiseSettings()) == ()


def test_every_setting_that_promises_less_is_named_with_the_policy_beside_it() -> None:
    looser = NoiseSettings(
        epsilon=2.0,
        lifetime_delta=1e-5,
        timing=Timing.NOISE,
        run_key=RunKey.DERIVED,
        privacy_unit=PrivacyUnit.USER_DAY,
        first_day=date(2026, 1, 1),
        last_day=date(2026, 1, 7),
        pointer=Pointer.RADIUS,
        pointer_radius_px=64,
        public_names="/home/somebody/names.yaml",
    )
    assert set(list_loosened(looser)) == {
        "noise.epsilon=2.0 (policy: 1.0)",
        "noise.lifetime_delta=1e-05 (policy: 1e-06)",
        "noise.timing=noise (policy: synthesize)",
        "noise.run_key=derived (policy: ephemeral)",
        "noise.privacy_unit=user-day (policy: user)",
        "noise.pointer_radius_px=64 (policy: None)",
        "noise.public_names=FILE (policy: None)",
    }


def test_a_tighter_setting_or_another_grid_is_no_loosening() -> None:
    assert list_loosened(NoiseSettings(epsilon=0.5, pointer_delta=1e-12, pointer_grid_px=8, timing=Timing.DROP)) == ()


def test_a_budget_is_what_the_settings_say() -> None:
    assert budget_of(NoiseSettings(epsilon=0.5)) == Budget(PrivacyUnit.USER, 0.5, 1e-7, 8.0, 1e-6)
