# ruff: noqa: E501, RUF001 - patterns are tables: one alternative list a line, in the letters of many languages
"""Street addresses, from certain and uncertain pieces that are close together.

Addresses differ by country in order and words, but not in content: a street with a number, a unit, a postal code with a
town. A piece with a word for a street, a post box, or a distinctive postal code is certain. A capitalised word with a
number or a bare postal code is uncertain and counts only next to another piece: ``Linden 5`` alone is nothing,
``Linden 5, 10115 Berlin`` is an address.
"""

import bisect
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from schemas.entities import EntityType, Span
from transforms.redact.detect.recognizers.casing import compile_pattern
from transforms.redact.detect.recognizers.rule import TIMEOUT_SECONDS, Finder, find_from_ends
from transforms.redact.text.markup import Reading, squeeze
from transforms.redact.text.prefilter import Prefilter
from transforms.redact.text.spans import shift

_CAPITAL = r"(?-i:[^\W\d_a-zß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżž])"
_CAP = rf"{_CAPITAL}[\w'’.-]{{0,60}}"  # bounded; words are parted by blanks alone: ``A-A-A-`` is one
_JOINT = r"(?:de|del|della|delle|dei|di|da|do|dos|das|du|des|la|le|les|las|los|el|van|von|der|den|dem|het|ten|ter|zu|zur|zum|am|an|auf|of|the|y|e|al|im|in|sur|sous|af|på|na|nad|s|d|l|i)"
_NAME = rf"(?:(?:{_JOINT}[ '’])*{_CAP}(?:[ ](?:(?:{_JOINT}[ '’])*{_CAP})){{0,4}})"
_LOOSE = r"(?:[^\W\d_][\w'’.-]{0,60}(?:[ ][^\W\d_][\w'’.-]{0,60}){0,3})"
_NUMBER = r"(?:\d{1,5}(?:\s?[-–/]\s?\d{1,4}){0,2}\s?(?:[a-z](?![\w]))?(?:[-/]\d{1,3})?)"

_SUFFIX = (
    r"(?:street|str(?:eet)?s|avenue|ave|av|road|rd|roads|lane|ln|drive|drives|boulevard|blvd|parkway|pkwy|highway|hwy|freeway|expressway|turnpike|terrace|ter(?=[.,\s])|crescent|cres"
    r"|mews|causeway|throughway|trafficway|motorway|bypass|byway|overpass|underpass|cul-de-sac|esplanade|promenade|circuit|alley|close|circle|cir|court|ct|courts|square|squares|sq|trail|trl|trails|way|row|grove|gardens)"
)
_WEAK_SUFFIX = (
    r"(?:st|dr|pl|place|plaza|plains?|park|parks|hills?|walks?|loop|path|pike|ridges?|run|view|views|heights|points?|crossing|crossroads?|mountains?|mount|valleys?|shores?|summit"
    r"|passage|green|greens|mills?|mission|branch|bridge|brooks?|burgs?|camp|canyon|cape|centers?|cliffs?|club|common|corners?|course|coves?|creek|crest|curve|dale|dam|divide|estates?"
    r"|extensions?|falls?|ferry|fields?|flats?|fords?|forest|forges?|forks?|fort|gateway|glens?|groves|harbors?|haven|hollow|inlet|islands?|isle|junctions?|keys?|knolls?|lakes?"
    r"|landing|lights?|locks?|lodge|mall|manors?|meadows?|neck|orchard|oval|pass|pines?|port|prairie|radial|ramp|ranch|rapids?|rest|river|route|rue|shoals?|skyway|springs?|spur"
    r"|station|stravenue|stream|track|trace|tunnel|unions?|via|viaduct|villages?|ville|vista|wall|wells?|wharf|quay|rise|end|yard|field|copse|drift|chase|gate)"
)
_SUFFIX_REST = r"(?:lace|laza|pur|oute|ark|arks|ill|ills|idge|idges|eights|oint|oints|rossing|ountains?|alleys?|hores?|ummit|assage|reens?|ills|ranch|rooks?|urgs?|anyon|ape|enters?|liffs?|orners?|oves?|reek|rest|urve|ale|am|state|states|xtensions?|alls|erry|ields?|lats?|ords?|orest|orges?|ork|orks|ateway|lens?|rove|roves|arbors?|aven|ollow|nlet|slands?|unctions?|nolls?|akes?|anding|odge|anors?|eadows?|rchard|rairie|adial|anch|apids?|iver|hoals?|prings|quares|tream|unnel|nions?|iaduct|illages?|ista|alks|ells)\b"
_BEFORE_NAME = (
    r"(?:calle|c/|vial|carrera|cra\.|kr\.|transversal|diagonal|diag\.|retorno|corredor|circuito|privada|prolongaci[oó]n|prol\.|calzada|calz\.|andador|cerrada|perif[eé]rico|aleea|drumul|intrarea|pia[țt]a|splaiul|setor|residencial|condom[ií]nio|jardim|viaduto|fazenda|favela|ch[áa]cara|n[úu]cleo|esplanada|pasadizo|pasaje|acceso|ca[ñn]ada|cuesta|rambla|vereda|senda|viela|ladeira|loteamento|cl\.|avenida|avda?\.?|av\.?|plaza|pza\.?|paseo|pº|callej[oó]n|carretera|ctra\.?|ronda de|glorieta|urbanizaci[oó]n|rua|r\.|travessa|pra[çc]a|alameda|estrada|rodovia"
    r"|quadra|viale|piazza|piazzale|p\.za|corso|vicolo|strada|contrada|borgo|rotonda|incrocio|stretto|canale|fondamenta|rue|boulevard|bd\.?|chemin|impasse|all[ée]e|quai|ruelle|sentier"
    r"|faubourg|ul\.|ulica|ulice|ulitsa|aleja|al\.|aleje|osiedle|os\.|plac|n[áa]m[ěe]st[íi]|t[řr][íi]da|jalan|jl\.|strada|str\.|bulevardul|bd-ul|calea|[șs]oseaua|postbox|postboks|bygget"
    r"|улица|ул\.|проспект|пр\.|leof(?:oros|\.)|odos)"
)
_WEAK_BEFORE_NAME = r"(?:via|ronda|largo|camino|place|passage|square|cours|route|vico|am|an der|an den|im|zum|zur|auf der|auf dem|in der|unter den|alte|alter|neue|haupt|le|cité)"
_COMPOUND = (
    r"(?:stra(?:ß|ss|b)e|str\.|gasse|gässchen|weg|allee|platz|damm|ufer|chaussee|steig|stieg|pfad|graben|promenade|straat|laan|plein|kade|gracht|dreef|singel|dijk|steeg|hof|gata|gatan"
    r"|gaten|vegen|veien|vägen|vagen|vej|gade|str(?:æ|ae)de|stien|stigen|stígur|braut|vegur|gränd|torget|torg|plads|allé|bakken|bakke|haugen|backen|svingen|ringen|katu|kuja|polku|kaari|raitti|tänav|põik|maantee|puiestee|vænget|vangen|toften|tunet|iela|gatv[eė]|prospekt[sa]?|sokak|sokağı|sok\.|cadde(?:si)?|cad\.|mahallesi|mah\.|pad"
    r"|út|útja|utca|utcája|körút|ulica|grend|tún|gerði|markt)"
)
_WEAK_COMPOUND = r"(?:ring|berg|tor|hof|wall|tie|gate|vei|veg|lia|ranta|rinne|parken|plass|gård|stein|damm|markt|hagi|bær|feld|kamp|horst|winkel|bruch|kamp|stad|lund|ngen)"
_UNIT = r"(?:(?:apt|apartment|appt|suite|apto|appartement|wohnung|whg|interno|lgh|studio)\.?[ ]?(?:no\.?[ ]?|#[ ]?|nr\.?[ ]?)?(?:\d{1,5}[a-z]?|[a-z]\d{1,4})\b)"
_WEAK_UNIT = r"(?:(?:unit|flat|floor|ste|piso|lejl|fl|room|rm|bldg|building|block|blk|piano|scala|int|puerta|planta|esc|bus|étage|bât|edif|depto|dpto|dto|local|torre|mz|lote|bl|sc|ap|et|casa|oficina|box|\#)\.?[ ]?(?:no\.?[ ]?)?\d{1,5}[a-z]?\b)"
_STATE = r"(?-i:A[LKZRAEPS]|C[AOT]|D[EC]|F[LM]|G[AU]|HI|I[DLNA]|K[SY]|LA|M[EHDAINSOTP]|N[EVHJMYCD]|O[HKR]|P[WAR]|RI|S[CD]|T[NX]|UT|V[TIA]|W[AVIY]|NSW|VIC|QLD|TAS|ACT|NT|ON|QC|BC|AB|MB|SK|NS|NB|PE)"
_UK = r"(?:gir 0aa|[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2})"
_CANADA = r"(?-i:[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d)"
_YEAR = r"(?!(?:19|20)\d\d(?!\d))"
_POSTAL = rf"(?:\d{{5}}(?:-\d{{3,4}})?|{_YEAR}\d{{4}}\s?(?-i:[A-Z]{{2}}(?!\w))|\d{{4}}-\d{{3}}|\d{{3}}[ -]\d{{2,3}}|\d{{2}}-\d{{3}}|{_YEAR}(?:[A-Z]{{1,2}}-)?\d{{4,6}}|{_CANADA}|{_UK})"
_FIRM_POSTAL = rf"(?:\d{{5}}(?:-\d{{3,4}})?|\d{{4}}\s?(?-i:[A-Z]{{2}}(?!\w))|\d{{4}}-\d{{3}}|\d{{3}}[ ]\d{{2}}|\d{{2}}-\d{{3}}|[A-Z]{{1,2}}-\d{{4,5}}|{_CANADA}|{_UK})"
_COUNTRY = (
    r"(?:afghanistan|albania|algeria|andorra|angola|argentina|armenia|australia|austria|azerbaijan|bahamas|bahrain|bangladesh|barbados|belarus|belgium|belize|benin|bhutan|bolivia|bosnia and herzegovina|botswana|brazil|brasil"
    r"|bulgaria|cambodia|cameroon|canada|chile|china|colombia|costa rica|croatia|cuba|cyprus|czech republic|czechia|denmark|danmark|dominican republic|ecuador|egypt|el salvador|estonia|ethiopia|fiji|finland|suomi|france|georgia|germany"
    r"|deutschland|ghana|gibraltar|greece|greenland|guatemala|honduras|hong kong|hungary|iceland|india|indonesia|iran|iraq|ireland|israel|italy|italia|jamaica|japan|jordan|kazakhstan|kenya|kosovo|kuwait|latvia|lebanon|libya"
    r"|liechtenstein|lithuania|luxembourg|macedonia|madagascar|malaysia|malta|mauritius|mexico|méxico|moldova|monaco|mongolia|montenegro|morocco|mozambique|myanmar|namibia|nepal|netherlands|the netherlands|nederland|new zealand"
    r"|nicaragua|nigeria|norway|norge|oman|pakistan|palestine|panama|paraguay|peru|philippines|poland|polska|portugal|puerto rico|qatar|romania|russia|rwanda|san marino|saudi arabia|senegal|serbia|singapore|slovakia|slovenia"
    r"|south africa|south korea|korea|spain|españa|sri lanka|sudan|suriname|sweden|sverige|switzerland|schweiz|suisse|syria|taiwan|tanzania|thailand|tunisia|turkey|türkiye|uganda|ukraine|united arab emirates|uae|united kingdom|uk"
    r"|england|scotland|wales|northern ireland|united states(?: of america)?|usa|u\.s\.a?\.?|uruguay|uzbekistan|venezuela|vietnam|yemen|zambia|zimbabwe)"
)
_BREAK = r"(?:[ \t]*[.,;]?[ \t]*\n[> \t?]{0,8}(?:(?:\([ \t]?\)|∆)?[ \t]*\n(?=[ \t,])[> \t]{0,8})?,?[ \t]*|[ \t]?[.,;]{1,2}[ \t]+|[ \t]{2,8},?[ \t]*)"
_PLACE = r"(?:[^\W\d_]|∆)(?:[^\W\d]|∆){0,24}(?:[ .'’/-]{1,2}(?:[^\W\d_]|∆)(?:[^\W\d]|∆){0,24}){0,4}\.?(?:[ ]\([^\W\d_]{2}\))?"
_TAIL = (
    rf"(?:(?:{_BREAK}|[ \t]+)(?:{_UNIT}|{_WEAK_UNIT})){{0,4}}"
    rf"(?:[ \t]*\n[> \t]{{0,8}}\d{{4}} ?(?-i:[A-Z]{{2}})(?:\n[> \t]{{0,8}}|[ \t]){_PLACE}"
    rf"|(?:(?:{_BREAK}|[ \t]+)(?:\d{{4,6}}(?:-\d{{3,4}})?|{_POSTAL}),?[ \t]{_PLACE}(?:{_BREAK}{_COUNTRY}\b)?)"
    rf"|(?:{_BREAK}{_PLACE}){{0,3}}(?:{_BREAK}\d{{1,2}}(?=[ \t]*\n))?(?:{_BREAK}|[ \t]+)(?:{_PLACE},?[ \t]+)?(?:(?:{_STATE}|[a-z]{{2}})[ ,]{{1,3}})?(?:{_POSTAL}|\d{{4,6}})(?![\w:%]|[.,]\d|[ -]\d)"
    rf"|(?:{_BREAK}{_PLACE}){{0,3}}(?:{_BREAK}|[ \t]+)(?:{_PLACE},[ \t]+)?{_COUNTRY}\b(?:[ \t]\([^\W\d_]{{2,12}}\))?(?:[ \t]\d{{4,6}}\b)?"
    rf"|(?:{_BREAK}{_PLACE}),[ \t](?:{_STATE}|[a-z]{{2}})(?!\w))"
)
_NOT_A_NAME = r"(?!(?:the|an?|of|in|on|to|my|your|our|new|open)\s)"
_NOT_STREETS = (
    r"(?!(?:windows|version|build|page|chapter|iphone|ipad|android|office|chrome|firefox|safari|edge|ubuntu|python|java|room|level|step|part|vol(?:ume)?|issue|section|figure|fig|table|line"
    r"|row|item|order|invoice|ticket|case|day|week|month|season|episode|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug"
    r"|sep|sept|oct|nov|dec|monday|tuesday|wednesday|thursday|friday|saturday|sunday|sheet|slide|tab|port|error|code|http|https|since|in|on|at|by|the|and|with|from|galaxy|pixel|playstation|xbox|q|h|gen|phase|type|model|scene|node)\s)"
)
_CERTAIN = (
    rf"{_NUMBER},?\s{_NOT_A_NAME}(?:(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)\.?\s)?{_NAME}[ ]{_SUFFIX}\b\.?(?:\s(?:n|s|e|w|ne|nw|se|sw)\b)?",
    rf"{_NUMBER},?\s(?:(?:n|s|e|w|ne|nw|se|sw)\.?\s)?{_NAME}\s(?-i:St|Dr|Pl|Pkwy|Plz|Pt|Ter|Trl|Xing)\b\.?(?=\s*(?:[,.\n]|$|{_UNIT}))",
    r"\b\d{1,5}[a-z]?\s(?!(?:the|an?|of|in|on|to|my|your|our|new|open|ways?|minutes?|hours?|days?|people)\s)(?:(?:north|south|east|west|n|s|e|w)\.?\s)?[^\W\d_][\w'’-]{1,24}(?:\s[^\W\d_][\w'’-]{1,24})?\s(?:street|avenue|boulevard|lane|road|blvd|ave|rd)\b",
    rf"{_NUMBER},?\s(?:bis|ter)?\s?(?:rue|avenue|boulevard|bd|chemin|impasse|all[ée]e|quai|place|cours|route|square|passage)\s(?:{_JOINT}[ '’]){{0,3}}{_LOOSE}",
    rf"(?<!\w){_BEFORE_NAME}\s{{1,2}}{_LOOSE}\s?,?\s(?:(?:n[°ºo.r]{{0,2}}|\#)\s?)?{_NUMBER}",
    rf"(?<![\w-])(?:{_CAP}[ -]){{0,2}}[^\W\d_][\w'’-]{{1,30}}[ -]?(?<=\w\w|[ -]){_COMPOUND}\.?\s{_NUMBER}",
    rf"(?<!\w){_WEAK_BEFORE_NAME}\s{_NAME}\s?,?\s{_NUMBER}(?=,)",
    r"\b(?:p\.?\s?o\.?\s?box|post office box|postfach|postbus|bo[îi]te postale|b\.p\.|apartado(?: postal)?|casella postale|skr\.? poczt\.?|box(?=\s\d{3,6},))\s?(?:no\.?\s?|#\s?)?\d{1,7}\b",
    r"\b(?:(?:uss|usns|uscgc|usnv|usaf)\s[\w-]{2,20},?\s+)?(?:fpo|apo|dpo)[, ]\s?(?:aa|ae|ap)\s\d{5}(?:-\d{4})?\b",
    r"\b(?:unit|psc)\s\d{3,5},?\s(?:box\s\d{2,5})",
    rf"(?<!\w){_UNIT}",
    rf"(?<!\w)(?:\d{{1,6}}[ ])?[^\W\d_][^\W\d]{{0,24}}(?:[ .'’-]{{1,2}}[^\W\d_][^\W\d]{{0,24}}){{0,4}}[ ]\d{{1,5}}[a-z]?[ \t]*[.,]?(?:[ \t]*\n[> \t?]{{0,8}}|[ \t]+){_UNIT}",
    rf"(?<![\w.,$€£])(?!(?:19|20)\d\d[ ])\d{{2,5}}[ ]{_NAME}[ ](?-i:[A-Z])(?<=[A-Z]){_SUFFIX_REST}",
    rf"(?<!\w){_LOOSE}[ ]{_NUMBER},[ ]{_LOOSE},[ ]{_COUNTRY}\b",
    rf"(?<![\w.,$€£#:/-])(?!(?:19|20)\d\d[ ])\d{{3,6}}[ ]{_NOT_STREETS}(?:{_CAP}[ ]){{1,3}}\d{{1,4}}[a-z]?(?![\w:%]|[.,]\d)",
    rf"(?<![\w.,$€£#:/-])(?!(?:19|20)\d\d[ ])\d{{3,6}}[ ]\d{{1,5}}[ ]{_NOT_STREETS}{_CAP}(?:[ ]{_CAP}){{1,2}}",
    rf"(?<!\w)\d{{1,6}}[ ](?:\d{{1,6}}[ ])?{_LOOSE}[ \t]*\n[> \t?]{{0,8}}{_UNIT}",
    r"〒?\d{3}-\d{4}\s?[一-龥]{2,3}[都道府県]|[一-龥]{1,3}[都道府県][一-龥ぁ-んァ-ヶー]{1,12}[市区町村郡][^\s,。、]{0,24}\d[\d丁目番地号−-]*(?:[ ][一-龥ぁ-んァ-ヶーA-Za-z]{2,20}\d{0,5})?",
    rf"(?<!\w)\d{{1,5}}(?:/\d{{1,4}})?,?[ ]{_LOOSE}[ ](?:nagar|marg|chowk|salai|vihar|bazaar|colony|layout|jalan|soi)\b",
    rf"(?<!\w)(?:h\.? ?no\.?|plot no\.?|door no\.?|flat no\.?|house no\.?)[ ]?\d{{1,5}}(?:[/-]\w{{1,5}})?(?:,[ ]{_LOOSE}){{0,3}}",
    rf"\bthe corner of (?:\d{{1,5}} )?{_LOOSE}(?: \d{{1,5}})?\.?\s(?:st\.\s)?and {_LOOSE}(?: \d{{1,5}})?",
    rf"(?<![\w-])(?:{_CAP}[ ]){{0,2}}[^\W\d_]{{2,24}}[ ](?:u\.|tér|tere|köz|krt\.|sgt\.|rkp\.|fasor)[ ]{_NUMBER}\.?",
    rf"(?<!\w){_NUMBER}\s{_LOOSE}\s{_WEAK_SUFFIX}\b\.?,\s{_LOOSE},?\s(?:{_STATE}\s)?{_POSTAL}(?!\w)",
    rf"(?<!\w){_LOOSE}\s{_NUMBER},\s(?:{_POSTAL}\s{_LOOSE}|{_LOOSE}\s{_POSTAL})(?!\d)",
    rf"(?<!\w){_NUMBER}\s{_LOOSE},\s{_LOOSE},\s(?:[a-z]{{2}}\s)?{_POSTAL}(?!\w)",
    rf"(?<!\w){_NAME},\s?{_STATE},?\s\d{{5}}(?:-\d{{4}})?(?!\d)",
    rf"(?<!\w)(?:{_UNIT}|{_WEAK_UNIT})(?:{_BREAK}{_PLACE}){{1,3}}{_BREAK}{_POSTAL}(?!\w)",
    rf"(?<!\w){_NOT_STREETS}{_NAME},?[ ]{_NUMBER}[.,]{{0,2}}(?:[ \t]*\n[> \t?]{{0,8}}|,?[ ]+)(?:{_NAME}(?:[ \t]*\n[> \t]{{0,8}}|,[ ]))?{_FIRM_POSTAL},?(?:[ ]|\n[> \t]{{0,8}}){_NAME}(?:[ ](?:\([A-Z]{{2}}\)|/[ ][A-Z]{{2}}\b))?",
    rf"(?<![\w.,])\d{{1,5}}(?:[/-]\d{{1,4}})?[a-z]?,?[ ]{_NOT_STREETS}{_NAME}(?:{_BREAK}{_NAME}){{1,3}}[ ,-]{{1,3}}(?:{_STATE},?[ ]\d{{4,5}}|{_FIRM_POSTAL}|\d{{6}})(?!\w)",
    rf"(?<!\w){_NAME}(?:,[ ](?:{_NUMBER}|s/n))?(?:{_BREAK}{_NAME}){{0,2}}{_BREAK}(?:\d{{5}}-\d{{3}}|\d{{4}}-\d{{3}})[ ]{_NAME}(?:[ ]/[ ][A-Z]{{2}}\b)?",
    r"(?<!\w)(?:(?:г|клх|д|с|п|ст|к|ул|пр-кт|пр|ш|алл|пер|наб|б-р|бул|пл|улица)\.?\s[а-яё][\w-]+(?:\s[^\W\d_][\w-]*){0,3}(?:\s\([^()\n]{1,12}\))?,\s){1,3}д\.\s?\d+[^\n,]{0,16}(?:,\s\d{6})?",
    r"[一-龥]{2,8}(?:省|自治区|市|县|區)[一-龥]{1,16}(?:路|街|道|巷|弄)[一-龥\w]{0,8}(?:号|座|室|楼)?(?:\s?\d{6})?",
    r"[가-힣]{1,6}(?:특별시|광역시|도|시)\s[가-힣]{1,6}(?:시|군|구)\s(?:[가-힣\d]{1,20}\s){0,2}[가-힣\d]{1,20}(?:로|길|동|거리|가)\s?(?:지하)?\d[\d-]*(?:\s\([^)\n]{1,30}\))?",
    rf"(?<![\w]){_UK}(?!\w)(?=\s*(?:$|[,.)\"'<;]|\n|uk\b|united kingdom|england|scotland|wales))",
)
_UNCERTAIN = (
    rf"(?<![\w@#./:-]){_NOT_STREETS}{_NAME}[ ](?:n[°º.]\s?)?\d{{1,4}}[a-z]?(?![\w%:]|[.,]\d)",
    rf"(?<![\w@#./:$€£-])\d{{1,6}},?[ ]{_NOT_STREETS}{_NAME}(?:[ ]{_WEAK_SUFFIX}\b)?",
    rf"(?<!\w){_WEAK_UNIT}",
    rf"(?<!\w){_LOOSE}{_WEAK_COMPOUND}\s{_NUMBER}",
)
_TOWN_AND_CODE = rf"(?<!{_CAPITAL}){_NAME},?\s{{1,5}}(?:{_STATE},?\s{{1,5}})?{_POSTAL}(?![\w%:]|[.,]\d)"
_CODES = (
    rf"(?<![\w@#./:$€£+-]){_POSTAL}(?:[ ]{_NAME})(?!\w)",
    _TOWN_AND_CODE,
    rf"(?:^|(?<=\n))[> \t]{{0,8}}{_POSTAL}(?=[ \t]*(?:\n|$))",
    rf"(?<!\w)(?:{_CANADA}|{_UK})(?!\w)",
)
_ZIP_CUE = r"\b(?:zip(?:[ -]?code)?|postal ?code|post ?code|plz|postleitzahl|code postal|c[óo]digo postal|cap)\b\W{0,3}(?:is\W{1,2})?(?P<v>(?=[A-Z -]{0,4}\d)[A-Z0-9]{2,6}(?:[ -][A-Z0-9]{2,5})?)\b"
_ADDRESS_CUE = (
    r"(?<!\w)(?:(?:lives?|living|resid(?:es|ing)|stay(?:s|ing)?) (?:at|on|in)|(?:home |new |postal |billing |shipping |my |our |his |her )?address(?: is| was|:)|(?:located|based|is|are) at|(?:north|south|east|west|other|far) side of|drop(?:s|ped)? (?:you|me|us|him|her|it)? ?off at|pick(?:s|ed)? (?:me|us|you|him|her|it) up (?:at|from)|(?:taxi|uber|ride|directions) to|return (?:it )?to|deliver(?:ed)?(?: it)? to|ship(?:ped)?(?: it)? to"
    r"|mail(?:ed)? (?:it )?to|sent? to|arrived at|moved? to|meet me at|wohnt? (?:in|am)|wohnhaft|domicili[eé](?: à)?|habite|vive en|abita in|residente in)\s+"
    rf"(?P<v>(?:\d{{1,6}}\s)?(?:{_NAME}[ ,]{{1,2}}){{0,2}}{_NAME}\s\d{{1,5}}(?!\d)|\d{{1,6}}\s{_NAME}(?:,\s{_NAME}){{0,3}})"
)
_NUMBER_CUE = r"(?<!\w)(?:(?:lives?|living|resid(?:es|ing)|staying) at|(?:home|my|our|his|her|their) address(?: is| was|:))\s+(?P<v>\d{2,6}(?:[ ]\d{1,5})?)(?![\w%:]|[.,]\d)"
_TAILS, _MAX_GAP_CHARS, _LINE_GAP = 2, 42, " \t\r\n>,?"
_GAP = re.compile(r"[\s>?.,;|·•-]*(?:[^\W\d_][\w'’.-]*[\s>?,;|-]*){0,4}(?:\([^\W\d_]{2}\)[\s,]*)?")
_SENTENCE = re.compile(r"[.!?]\s+[^\W\d_]{3,}|\n[^\n]*\n[^\n]*\n[^\n]*\n")
_MARK = re.compile(r"\d|\bcorner of\b|[都道府県市省县路街시도]", re.IGNORECASE)  # a match in every piece of an address
_NEW_LINE, _LINES_AROUND = re.compile("\n"), 4
"""Most lines (town, state, country) before or after a piece of the same address."""
_FLAGS = regex.IGNORECASE | regex.MULTILINE


class _Piece(NamedTuple):
    start: int
    end: int
    certain: bool
    family: int


_STREET, _CODE = 1, 2
_GROUPS = (
    (_CERTAIN, True, 0),
    (_UNCERTAIN, False, _STREET),
    (_CODES, False, _CODE),
    ((_ZIP_CUE, _ADDRESS_CUE, _NUMBER_CUE), True, 0),
)
_KINDS = tuple(
    (pattern, compile_pattern(pattern, _FLAGS), certain, family)
    for patterns, certain, family in _GROUPS
    for pattern in patterns
)
_FROM_CODES = compile_pattern(_TOWN_AND_CODE, _FLAGS | regex.REVERSE)
_NEIGHBOUR_BEFORE = re.compile(r"(?<![\w.,:/-])(?:\d{1,6}[ \t]+){1,2}$")
_AFTER = r"[ \t]+\d{1,5}[a-z]?\b(?![.:%]\d)|[ ](?:\([A-Za-z]{2}\)|/[ ][A-Z]{2}\b|\([A-ZÀ-Þ][^\W\d_]{2,14}\)(?:[ ]\d{4,6}\b)?)|,?[ ]nan\b"
_TAILED, _NEIGHBOUR_AFTER = compile_pattern(_TAIL, _FLAGS), re.compile(_AFTER)


def _find_pieces(text: str, kinds: list[int]) -> list[_Piece]:
    found: list[_Piece] = []
    for kind in kinds:
        source, pattern, certain, family = _KINDS[kind]
        group = "v" if "v" in pattern.groupindex else 0
        if source is _TOWN_AND_CODE:
            matches = find_from_ends(pattern, _FROM_CODES, text)
        else:
            matches = pattern.finditer(text, overlapped=family == _CODE, timeout=TIMEOUT_SECONDS)
        found += [_Piece(match.start(group), match.end(group), certain, family) for match in matches]
    return sorted(found)


def _is_close(text: str, end: int, start: int) -> bool:
    gap = text[end:start]
    return len(gap) <= _MAX_GAP_CHARS and bool(_GAP.fullmatch(gap)) and not _SENTENCE.search(gap)


class AddressSearch:
    """A search for addresses behind a prefilter; create one per process."""

    def __init__(self) -> None:
        self._prefilter = Prefilter([(pattern,) for pattern, *_ in _KINDS])

    def __call__(self, text: str) -> Iterator[Span]:
        """Yield the addresses of a text; an address may span lines."""
        reading = squeeze(Reading(text))
        for start, end in _find_parts(reading.text):
            part = reading.text[start:end]
            found = _group_pieces(part, _find_pieces(part, self._prefilter.candidates(part)))
            yield from map(reading.source, shift(found, start))


def _find_parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of ``text`` that may hold an address: lines with a number or a corner, and their neighbours."""
    breaks = [-1, *(found.start() for found in _NEW_LINE.finditer(text)), len(text)]
    marked = dict.fromkeys(bisect.bisect_left(breaks, found.start()) - 1 for found in _MARK.finditer(text))
    runs: list[tuple[int, int]] = []
    for line in marked:
        first, last = max(line - _LINES_AROUND, 0), min(line + _LINES_AROUND, len(breaks) - 2)
        first = runs.pop()[0] if runs and first <= runs[-1][1] else first
        runs.append((first, last))
    yield from ((breaks[first] + 1, breaks[last + 1]) for first, last in runs)


def _group_pieces(text: str, pieces: list[_Piece]) -> Iterator[Span]:
    """Yield a span for each group of pieces that is an address.

    Pieces with at most a few words and no end of a sentence between them form a group. A group is an address if it
    holds a certain piece, or a street or unit and a postal code that do not overlap.
    """
    group, end = list[_Piece](), 0
    for piece in pieces:
        if group and (piece.start <= end or _is_close(text, end, piece.start)):
            group.append(piece)
            end = max(end, piece.end)
            continue
        yield from _judge_group(text, group)
        group, end = [piece], piece.end
    yield from _judge_group(text, group)


def _judge_group(text: str, group: list[_Piece]) -> Iterator[Span]:
    certain = [piece for piece in group if piece.certain]
    streets = [piece for piece in group if piece.family == _STREET]
    codes = [piece for piece in group if piece.family == _CODE]
    core = certain or [*_select_apart(streets, codes), *_select_apart(codes, streets)]
    if not core:
        return
    start = _extend_left(text, min(piece.start for piece in core), group)
    end = _extend_right(text, max(piece.end for piece in core), group)
    yield Span(start, end, EntityType.ADDRESS, 0.8 if certain else 0.5)


def _select_apart(pieces: Sequence[_Piece], others: Sequence[_Piece]) -> list[_Piece]:
    """Select the ``pieces`` that do not overlap at least one of ``others``."""
    last, first = max((other.start for other in others), default=-1), min((other.end for other in others), default=-1)
    return [piece for piece in pieces if others and (piece.end <= last or first <= piece.start)]


def _extend_left(text: str, start: int, group: list[_Piece]) -> int:
    """Move the start over pieces on the same line, a street on the line above, and a house number."""
    for piece in sorted(group, reverse=True):
        if piece.end <= start and not _is_close(text, piece.end, start):
            break
        gap = text[piece.end : start]
        if piece.start < start and ("\n" not in gap or (piece.family == _STREET and not gap.strip(_LINE_GAP))):
            start = piece.start
    before = _NEIGHBOUR_BEFORE.search(text, max(0, start - 14), start)
    return before.start() if before else start


def _extend_right(text: str, end: int, group: list[_Piece]) -> int:
    """Move the end over close postal codes, then over the units, towns and country that follow."""
    for piece in group:
        if piece.start > end and not _is_close(text, end, piece.start):
            break
        if piece.end > end and (piece.family == _CODE or piece.start <= end):
            end = piece.end
    return find_end(text, end)


def find_end(text: str, end: int) -> int:
    """Find the end of the address that goes on at ``end``: units, towns, codes, a country and a house number."""
    for _ in range(_TAILS):
        if not (tail := _TAILED.match(text, end, timeout=TIMEOUT_SECONDS)):
            break
        end = tail.end()
    after = _NEIGHBOUR_AFTER.match(text, end)
    return after.end() if after else end


def address_finder() -> Finder:
    """Build the recognizer of addresses."""
    gates = (
        r"\d[\s,]{1,3}[^\W\d_]{2}",
        r"[^\W\d_]{2}[\s,.]{1,6}\d",
        r"\bthe corner of\b",
        r"[a-z]\d[a-z\d]? ?\d[a-z]{2}",
        r"[都道府県市省县路街시도][^\n]{0,40}\d",
    )
    return Finder("address", gates, AddressSearch(), document=True)
