"""Passwords that attackers try first: words people choose, and the ways they vary them (SEC-20).

Listed are the words; ``is_common`` undoes the usual variations (capitals, digits for letters, years, numbers and
signs at the ends, doubling), so that the list stands for far more than 10,000 passwords.
"""

import re

_WORDS = frozenset(
    """
    password passwort passwd pass contrasena motdepasse senha parola haslo heslo wachtwoord salasana lozinka
    letmein welcome willkommen bienvenue bienvenido admin administrator root user guest login master manager
    default change changeme secret private security access enter open qwerty qwertz azerty qwertyuiop asdfgh
    asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc wsxedc qweasd qweasdzxc asdf qwer zxcv abc abcd abcde abcdef
    abcdefg abcdefgh iloveyou ilove love loveyou lovely lover sweet sweetheart honey baby babygirl angel
    princess prince queen king beautiful gorgeous pretty sunshine sunflower rainbow flower butterfly star
    shadow dragon monkey tiger lion wolf eagle falcon hawk bear panther horse dolphin kitty kitten puppy dog
    cat chicken turtle spider snake phoenix unicorn football baseball basketball soccer hockey tennis golf
    volleyball softball swimming superman batman spiderman ironman pokemon pikachu naruto mario zelda starwars
    matrix gandalf hobbit potter harrypotter hello hola freedom liberty trustno trustnoone whatever nothing
    something anything everything computer laptop internet google facebook instagram youtube twitter samsung
    apple iphone android microsoft windows linux ubuntu system server network summer winter spring autumn
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december christmas easter halloween birthday family mother father brother
    sister mommy daddy mama papa grandma friend friends forever together always never michael jessica ashley
    jennifer daniel andrew anthony joshua matthew robert william thomas charles george jordan justin brandon
    nicole hannah samantha amanda melissa elizabeth michelle stephanie victoria alexander alexandra charlie
    maggie bailey buster cookie chocolate banana orange cherry strawberry pepper ginger cheese pizza coffee
    beer vodka whiskey money dollar million business office company work job shop store sales cash register
    music guitar piano violin drums rock rocknroll metallica nirvana beatles eminem slipknot blink london
    paris berlin madrid america american canada england germany france mexico brazil chicago boston dallas
    texas florida california newyork jesus christ god heaven blessed faith church angels devil killer hunter
    hacker ninja samurai pirate ranger cowboy knight warrior soldier army navy marine police batmobile ferrari
    porsche mercedes mustang corvette chevy toyota honda yamaha harley yankee yankees lakers arsenal chelsea
    liverpool barcelona realmadrid juventus manchester united cowboys steelers packers eagles dolphins test
    testing tester demo sample example temp temporary new newpassword mypassword mypass passphrase access
    blue black white green yellow purple silver golden gold diamond crystal magic wizard mystery thunder
    lightning storm fire ice water earth wind ocean river mountain moon moonlight midnight sunrise sunset
    happy lucky cool awesome super mega ultra power energy turbo rocket space galaxy universe planet
    aa bb aaa bbb xxx sex sexy hot fuck fuckyou fuckoff shit bitch asshole pussy dick
    """.split()
)
_LEET = str.maketrans("013457@$!|", "oieastasil")
_ROWS = (
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
)
_ENDS = re.compile(r"^[\d\W_]+|[\d\W_]+$")
_NOT_LETTERS = re.compile(r"[^a-z]")
#: Two words count together below this length.
_TWO_WORDS = 12
#: A run along the keyboard counts from this length on.
_RUN = 4


def is_common(password: str) -> bool:
    """Tell whether a password is a common word in a usual disguise, a run of keys or a repetition."""
    text = password.casefold()
    core = _ENDS.sub("", text)
    forms = (text, core, text.translate(_LEET), core.translate(_LEET))
    return any(_is_known(form) for form in forms) or _is_pattern(text)


def _is_known(text: str) -> bool:
    letters = _NOT_LETTERS.sub("", text)
    return any(_is_words(form) for form in (text, letters, text[::-1]) if form)


def _is_words(text: str) -> bool:
    """One word of the list, the same word twice, or a short text made of two."""
    half = len(text) // 2
    if text in _WORDS or (text[:half] == text[half:] and text[:half] in _WORDS):
        return True
    return len(text) < _TWO_WORDS and any(
        text[:cut] in _WORDS and text[cut:] in _WORDS for cut in range(2, len(text) - 1)
    )


def _is_pattern(text: str) -> bool:
    """Few different characters, only digits in a short text, or runs along the keyboard or the alphabet."""
    if len(set(text)) < 4 or (text.isdigit() and len(text) < 12):
        return True
    return _without_runs(text) < len(text) // 3


def _without_runs(text: str) -> int:
    """Return how many characters are left when runs of keys are taken out."""
    left, position = 0, 0
    while position < len(text):
        length = _run_at(text, position)
        left, position = (left, position + length) if length >= _RUN else (left + 1, position + 1)
    return left


def _run_at(text: str, start: int) -> int:
    best = 1
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        length = 1
        while start + length < len(text) and text[start : start + length + 1] in row:
            length += 1
        best = max(best, length)
    return best
