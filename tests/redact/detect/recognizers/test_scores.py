"""Scores of rules, a table of its own: whoever changes one states it here too.

A score decides whether a value counts without a cue (0.35 and more), and which of two values in one place wins.
"""

from transforms.redact.detect.patterns import recognizers
from transforms.redact.detect.recognizers.rule import Rule
from transforms.redact.settings import RedactSettings

SCORES = {
    0.1: """
        scrambled-word-after-cue iban-just-begun
    """,
    0.2: """
        card dutch-bsn ip-read
    """,
    0.3: """
        brazilian-cpf
    """,
    0.4: """
        card-bare numbered-person other-crypto date-of-a-life date-alone user-name-alone two-names-joined
    """,
    0.45: """
        bare-password number-to-quote user-name-after-login
    """,
    0.5: """
        key-after-cue prefixed-key card-just-begun belgian-national-number spanish-id number-of-somebody
        uk-plate vehicle-number bitcoin mail-address-begun handle-read asset-host possessive-device
        device-of-somebody url-profile diagnosed-with
    """,
    0.55: """
        generated-key encoded-key handle-after-punctuation
    """,
    0.6: """
        secret-assignment password-then-value password-changed-to card-grouped card-code-after-number iban
        iban-solid us-ssn-read employee-code mail-internal mail-broken ip-six-read internal-host
        network-name url-personal-value url-personal-path domain-user personal-file user-name-said
        condition-with-treatment prescription
    """,
    0.7: """
        password-is login-pair client-password-flag account-of-a-kind bitcoin-after-cue mail-wrapped handle
        tilde-home
    """,
    0.75: """
        password-assignment card-after-cue employee-id patient-id customer-id passport licence national-id
        vehicle bank-account
    """,
    0.8: """
        bearer session-value password-in-cjk password-is-mixed user-and-password net-use url-secret
        password-file wifi-key jwt-header encoded-block us-ssn us-ssn-after-cue swiss-ahv-form
        brazilian-cpf-form bank-identifier national-number mail-spelt mention-link device-named-after
        page-of-somebody invitation link-of-one-use url-home surname-first user-name-labelled
        login-pair-user command-line-user coordinates coordinates-in-brackets
    """,
    0.85: """
        login-and-password identified-by shell-expect url-parameter one-time-code code-is pin
        card-security-code iban-after-cue uk-nino imei reddit-user network-share network-share-address
        date-of-birth-before-cue diagnosis-code
    """,
    0.9: """
        authorization-header cookie-header command-line-secret user-colon-password is-your-code oracle-login
        user-percent-password netrc proxy-login french-nir sort-code mail-address-literal prompt
        remote-login retweet ip ip-six phone-in-link unix-home drive-of-a-company date-of-birth
    """,
    0.95: """
        uri-credentials store-credentials web-credentials go-source-name quoted-keyword wifi-code swiss-ahv
        bech32 ethereum mail mail-quoted mac windows-profile
    """,
    0.98: """
        link-with-key provider-token storage-account-key json-web-token
    """,
    1.0: """
        private-key-block
    """,
}
PRESIDIO = "presidio-"
"""Prefix of the rules whose scores Presidio states."""


def _own() -> list[Rule]:
    return [rule for rule in recognizers() if isinstance(rule, Rule) and not rule.name.startswith(PRESIDIO)]


def test_every_rule_has_the_score_of_the_table() -> None:
    assert {rule.name: rule.score for rule in _own()} == {
        name: score for score, names in SCORES.items() for name in names.split()
    }


def test_a_cue_adds_as_much_to_every_rule_but_that_of_an_account_which_begins() -> None:
    assert {rule.name: rule.boost for rule in _own() if rule.boost != 0.35} == {"iban-just-begun": 0.5}


def test_a_value_counts_from_the_threshold_of_the_settings_on() -> None:
    assert RedactSettings().score_threshold == 0.35
