"""What is personal by its shape: numbers, dates of birth, addresses."""

import re
from collections.abc import Iterator

Kind = str
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = (
    r"(?:\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d{2})|\d{4}-\d{1,2}-\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?\s{_MONTH},?\s?(?:\d{{4}}|\d{{2}})?"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
)
_LOOSE_DATE = rf"(?:{_DATE}|\d{{1,2}}[ /.\-]\d{{1,2}}[ /.\-]\d{{2,4}}|\d{{1,2}}{_MONTH}\s?\d{{2,4}})"
_BIRTH = re.compile(
    r"\b(?:d\W{0,2}o\W{0,2}b|date of birth|birth ?date|birthday|born(?: on)?)\b"
    rf"[^\d\n]{{0,20}}{_LOOSE_DATE}"
    rf"|{_LOOSE_DATE}\W{{0,3}}(?:dob|date of birth|birthday)\b"
    rf"|\bb\.?\s\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH},?\s(?:19|20)\d\d\b"
    rf"|\bborn\b[^.\n]{{0,30}}\b{_MONTH}\b,?\s(?:nineteen|twenty|two thousand)\b"
)
_OLD_DATE = re.compile(
    rf"\b\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?(?:19\d\d|200\d)\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)?\s{_MONTH},?\s(?:19\d\d|200\d)\b|\b(?:19\d\d|200\d)-\d\d?-\d\d?\b"
)
"""A full date this long ago is a birth date: what procedure counts from is recent."""

_DIGITS = re.compile(r"(?<![\w/.\-])\+?\(?\d(?:[\s().\-]{0,3}\d){8,14}(?![\w/])")
_NHS_DIGITS = re.compile(r"(?<![\d/])\d(?:[\s./\-]{0,3}\d){9}(?![\d/])")
_NHS_SAID = re.compile(r"\bnhs(?:\b\D{0,20}|(?:no|num)?[\W_]{0,3})\d{3}\W?\d{3}\W?\d{4}\b")
_SHORT_WORDS = "on|by|at|to|of|in|is|it|so|up|we|no|if|or|as|an|be|do|go|he|me|my|us|pm|am|cp|id"
_INSURANCE = re.compile(
    rf"\b(?!(?:{_SHORT_WORDS})\s)[a-z]{{2}}(?:[\s.\-]{{0,2}}\d){{6}}[\s.\-]{{0,2}}[a-d]\b"
    r"|\btn(?:[\s.\-]?\d){6}[\s.\-]?[mf]\b"
)
_INSURANCE_SAID = re.compile(r"\b(?:ni|nino|national insurance)\b\D{0,20}[a-z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\b")
_POSTCODE = re.compile(r"\b(gir|[a-z]{1,2}\d[a-z\d]?)[\s\-]{0,2}(0aa|\d[abd-hjlnp-uw-z]{2})\b")
_NO_INWARD = re.compile(r"\d(?:st|nd|rd|th|hr|wd|yr|dy|pp|ff)$")
_SURE_STREETS = "street road avenue ave crescent cres terrace gardens gdns lane rd grove mews"
_OTHER_STREETS = "yard site close drive court way place park hill view green walk row rise square st dr"
_NOT_STREET_WORDS = (
    "day days week weeks month months year years working hour hours hrs mins minutes the a an of in on to at "
    "for and or by from with no not visit visits before after until per cent children child kids times is "
    "was "
    "long only go went per old up down any first second third next last final family care"
)
_SURE_ADDRESS = re.compile(
    rf"\b\d{{1,4}}[a-z]?,?\s+(?:(?!(?:{'|'.join(_NOT_STREET_WORDS.split())})\b)[a-z'’.]+\s+){{1,3}}"
    rf"(?:{'|'.join(_SURE_STREETS.split())})\b"
)
_LIKELY_ADDRESS = re.compile(
    rf"\b(?:at|address|lives?|living|moved|house|flat|home)\b[^.\n]{{0,20}}?\b\d{{1,4}}[a-z]?,?\s+"
    rf"(?:(?!(?:{'|'.join(_NOT_STREET_WORDS.split())})\b)[a-z'’.]+\s+){{1,3}}"
    rf"(?:{'|'.join(_OTHER_STREETS.split())})\b"
)
_FLAT = re.compile(
    r"\b(?:flat|apartment|apt)\s(?:\d{1,4}[a-z]?)\b(?!\s(?:miles|weeks|days|times|months|years|hours|hrs|mins))"
)
_LIVES_ON = re.compile(
    r"\b(?:lives?|living|staying|stays|moved)\s(?:in|at|on|to|off)\s"
    rf"(?!(?:the|a|an|my|our|his|her|their|this|that)\b)[a-z'’]+(?:\s[a-z'’]+)?\s"
    rf"(?:{'|'.join(_SURE_STREETS.split())})\b"
)
_EMAIL = re.compile(
    r"[\w.+\-]+\s?@\s?[\w\-]+(?:\s?\.\s?[\w\-]+)+"
    r"|\b[\w.+\-]+\s?(?:\sat\s|\(at\)|\[at\])\s?[\w\-]+\s?(?:\.|\sdot)\s?(?:com|co|org|net|uk)\b"
)
_NUMBERED = re.compile(
    rf"\b(?:no\.?|number|house|plot)\s?\d{{1,4}}[a-z]?,?\s(?:(?:on|in|at|off|of)\s)?(?:[a-z'’]+\s){{1,2}}"
    rf"(?:{'|'.join((*_SURE_STREETS.split(), *_OTHER_STREETS.split()))})\b"
)
_SPELT = {
    "oh": "0", "o": "0", "zero": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "hundred": "00",
}  # fmt: skip
_SPELT_RUN = re.compile(
    rf"\b(?:(?:{'|'.join(_SPELT)}|double|treble|triple)[\s,\-]+){{6,}}(?:{'|'.join(_SPELT)})\b"
)
_LETTER_BY_LETTER = re.compile(r"(?<!\w)(?:[a-z\d] ){4,7}[a-z\d](?!\w| \d)")
_REFERENCE = re.compile(r"\b[A-Z]{2,4}-\d{3,7}\b", re.IGNORECASE)


_ADDRESSES = (_SURE_ADDRESS, _LIKELY_ADDRESS, _FLAT, _LIVES_ON, _NUMBERED)


def shapes(text: str) -> Iterator[Kind]:
    """Each kind of personal detail that this text shows by its shape."""
    plain = _REFERENCE.sub(" ", text.replace("\u00a0", " ").replace("’", "'")).lower()
    plain = _SPELT_RUN.sub(_in_digits, _LETTER_BY_LETTER.sub(lambda run: run[0].replace(" ", ""), plain))
    if any(
        _valid_nhs(re.sub(r"\D", "", found[0])) for found in _NHS_DIGITS.finditer(plain)
    ) or _NHS_SAID.search(plain):
        yield "nhs-number"
    if _INSURANCE.search(plain) or _INSURANCE_SAID.search(plain):
        yield "national-insurance-number"
    if _BIRTH.search(plain) or _OLD_DATE.search(plain):
        yield "date-of-birth"
    if any(_phone(number) for number in _numbers(plain)):
        yield "phone"
    if any(not _section(found[1], found[2]) for found in _POSTCODE.finditer(plain)):
        yield "postcode"
    if any(pattern.search(plain) for pattern in _ADDRESSES):
        yield "address"
    if _EMAIL.search(plain):
        yield "email"


def _section(outward: str, inward: str) -> bool:
    """ "s47 2nd strategy" and "s31ZA" are sections of Acts, not Sheffield."""
    return bool(re.fullmatch(r"[sr]\d\d?", outward) and (_NO_INWARD.match(inward) or inward[1] == "z"))


def _in_digits(run: re.Match[str]) -> str:
    """Oh seven double nine: 0799."""
    said, times = "", 1
    for word in re.split(r"[\s,\-]+", run[0]):
        if word in ("double", "treble", "triple"):
            times = 2 if word == "double" else 3
        else:
            said, times = said + _SPELT[word] * times, 1
    return said


def _numbers(plain: str) -> list[str]:
    return [re.sub(r"[^\d+]", "", found[0]) for found in _DIGITS.finditer(plain)]


def _valid_nhs(number: str) -> bool:
    """Ten digits whose last is the check digit: 11 less the weighted sum (10 down to 2) modulo 11."""
    if len(number) != 10 or not number.isdecimal():
        return False
    rest = (
        11 - sum(int(digit) * weight for digit, weight in zip(number[:9], range(10, 1, -1), strict=True)) % 11
    )
    return rest != 10 and rest % 11 == int(number[9])


def _phone(number: str) -> bool:
    """British by shape, also in ranges that nobody was given; or international with its plus."""
    digits = number.lstrip("+")
    if number.startswith("+") or digits.startswith("00"):
        return 9 <= len(digits) <= 15
    if digits.startswith("44"):
        return len(digits) in (12, 13)
    return (digits.startswith("0") and len(digits) in (10, 11)) or (
        digits.startswith("7") and len(digits) == 10
    )
