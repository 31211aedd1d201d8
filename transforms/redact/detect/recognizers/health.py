# ruff: noqa: E501 - patterns are tables: one alternative list a line, in the letters of many languages
"""Notes about a person's health: a condition or drug next to words of treatment, or a diagnosis code after a cue."""

from schemas.entities import EntityType
from transforms.redact.detect.recognizers.rule import Rule

_MEDICAL = EntityType.MEDICAL

_CONDITION = (
    r"(?:hiv|aids|hepatitis [abc]|tuberculosis|syphilis|gonorrh?o?ea|chlamydia|herpes|hpv|bipolar(?: (?:i{1,2}|1|2|disorder))?|schizo\w+|psychosis|depressi(?:on|ve)"
    r"|anxiety disorder|panic disorder|ptsd|ocd|adhd|autis(?:m|tic)|anorexia|bulimia|dementia|alzheimer'?s?|parkinson'?s?|epilep(?:sy|tic)|multiple sclerosis|als"
    r"|huntington'?s?|cancer|carcinoma|lymphoma|leuka?emia|melanoma|tumou?r|metasta\w+|chemo(?:therapy)?|diabet(?:es|ic)|insulin|hypertension|copd|asthma|cystic fibrosis"
    r"|crohn'?s?|colitis|coeliac|celiac|cirrhosis|pancreatitis|kidney (?:failure|disease)|renal failure|dialysis|stroke|infarct\w*|heart failure|arrhythmia|angina|lupus"
    r"|arthritis|fibromyalgia|endometriosis|pcos|infertility|ivf|pregnan(?:t|cy)|miscarriage|abortion|opioid|heroin|cocaine|alcohol(?:ism| use disorder| dependence)"
    r"|substance use|overdose|suicid\w+|self[- ]harm|substance abuse|methadone|buprenorphine|naloxone|lithium|sertraline|fluoxetine|citalopram|escitalopram|venlafaxine"
    r"|quetiapine|olanzapine|risperidone|clozapine|lamotrigine|valpro\w+|diazepam|lorazepam|alprazolam|zolpidem|oxycodone|morphine|fentanyl|tramadol|metformin"
    r"|warfarin|apixaban|atorvastatin|tamoxifen|methotrexate|adalimumab|prednis\w+|levothyroxine|truvada|biktarvy|prep|antiretroviral|krebs|depression|diabète|sida|vih)"
)
_TREATMENT = (
    r"(?:dr\.? ?[^\W\d_]|doctor|consultant|clinic|hospital|\d+ ?(?:mg|mcg|µg|ml|units)\b|diagnos\w+|prescri\w+|positive|negative|since (?:19|20)\d\d|follow[- ]?up|review(?:ed)?"
    r"|admitted|discharged|referred|referral|treated|treatment|therapy|patient|symptoms?|relapse|remission|stage (?:i|1|2|3|4)\w*|biopsy|surgery|dose|daily|rehab|history of|disorder|hx|rx|dx)"
)

RULES = (
    Rule(
        "condition-with-treatment",
        _MEDICAL,
        rf"^\s*(?=[^\n]{{0,400}}\b{_CONDITION}\b)(?=[^\n]{{0,400}}\b{_TREATMENT})[^\n]{{0,200}}\b{_CONDITION}\b[^\n]{{0,400}}$",
        0.6,
        lambda value: None if _dense(value) else False,
    ),
    Rule(
        "diagnosed-with",
        _MEDICAL,
        r"\b(?:diagnosed with|diagnosis(?: of|:)|suffers? from|treated for|prescribed|allergic to|medications?:|allergies:|tested positive for|history of|dx:|rx:|diagnostiziert|souffre de|diagnosticad[oa] (?:de|con))\s{0,3}(?!none|no known|nil|n/?a\b|nkda)(?P<v>[^\W\d_][^\n.;,]{2,60})",
        0.5,
    ),
    Rule(
        "diagnosis-code",
        _MEDICAL,
        r"\b(?:icd(?:-?(?:9|10|11))?(?:-?cm)?|diagnosis(?: code)?|dx)\b[^\n]{0,16}?\b(?P<v>(?-i:[A-TV-Z])\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)\b",
        0.85,
    ),
    Rule(
        "prescription",
        _MEDICAL,
        r"\b(?P<v>[^\W\d_]{4,24}(?:in|ol|ide|ine|one|pam|lam|pril|tan|mab|nib|vir|cin|azole|statin|ate|um)\s\d{1,4}(?:\.\d)?\s?(?:mg|mcg|µg|ml)\b(?:\s(?:daily|bd|tds|od|bid|tid|qid|prn|nocte|twice|once)[^\n.;]{0,24})?)",
        0.6,
    ),
)


def _dense(value: str) -> bool:
    """Return whether a line is short enough to be a note rather than a page."""
    return len(value) <= 240  # noqa: PLR2004
