"""Words that the question check looks for, in English and German; patterns for lower-case text."""

from __future__ import annotations

import re


def _words(*parts: str) -> re.Pattern[str]:
    """Any of these, as whole words; each part is a pattern."""
    return re.compile(r"(?<![\w'])(?:" + "|".join(parts) + r")(?!\w)")


# They say what the answer should be, or that nobody could think otherwise.
LEADING = _words(
    r"(?:do|would|did)n't you (?:agree|think|believe|say)", r"don't we all",
    r"(?:is|are|was|were)n't (?:it|this|that|they|we|you)",
    r"shouldn't (?:we|they|it|he|she|the)",
    r"(?:do|would) you (?:also )?agree (?:that|with)", r"everyone knows", r"as we (?:all )?know",
    r"surely", r"obviously", r"clearly", r"of course", r"undoubtedly", r"needless to say",
    r"finden sie nicht(?: auch)?", r"(?:meinen|glauben|denken) sie nicht(?: auch)?",
    r"sind sie nicht (?:auch )?der (?:meinung|ansicht)", r"stimmen sie (?:auch )?zu",
    r"sollte(?:n)? (?:wir|man|die|der|das) nicht", r"ist es nicht", r"wie wir (?:alle )?wissen",
    r"natürlich", r"selbstverständlich", r"offensichtlich", r"bekanntlich", r"zweifellos",
    r"doch wohl", r"endlich",
)  # fmt: skip
# They judge before anybody has answered.
LOADED = _words(
    r"disastrous", r"outrageous", r"shameful", r"disgraceful", r"reckless", r"ridiculous",
    r"absurd", r"terrible", r"horrible", r"horrific", r"appalling", r"catastrophic", r"draconian",
    r"scandalous", r"senseless", r"bloated", r"failed", r"long[- ]overdue", r"so-called",
    r"heroic", r"brilliant", r"wonderful", r"much[- ]needed", r"common[- ]sense", r"insane",
    r"katastrophale?\w{0,2}", r"skandalöse?\w{0,2}", r"skandalös", r"verheerend\w{0,2}",
    r"unverantwortlich\w{0,2}", r"unsinnige?\w{0,2}", r"wahnsinnige?\w{0,2}",
    r"(?:längst )?überfällig\w{0,2}", r"rücksichtslos\w{0,2}", r"dreist\w{0,2}",
    r"gescheitert\w{0,2}",
    r"sogenannte?\w{0,2}", r"lächerlich\w{0,2}", r"absurde?\w{0,2}", r"schändlich\w{0,2}",
    r"heldenhaft\w{0,2}", r"großartig\w{0,2}", r"genial\w{0,2}", r"vernünftige?n?",
)  # fmt: skip
# They leave no exception, and readers answer the exception.
ABSOLUTE = _words(
    r"always", r"never(?! mind)", r"everyone", r"everybody", r"nobody", r"no one", r"completely",
    r"entirely", r"totally", r"absolutely", r"at all costs", r"under no circumstances",
    r"immer(?! (?:noch|mehr|wieder|weniger|weiter|größer|teurer|schneller|öfter|häufiger))",
    r"niemals", r"nie", r"niemand", r"jederzeit", r"völlig", r"vollständig", r"absolut",
    r"ausnahmslos", r"um jeden preis", r"unter keinen umständen", r"auf keinen fall",
)  # fmt: skip
NEGATION = _words(
    r"(?<!or )(?<!and )(?<!der )(?<!die )(?<!zur )not(?! only| sure| least)", r"\w+n't",
    r"cannot", r"no(?! one)(?!\.)", r"without",
    r"neither", r"nor", r"nobody", r"(?<!oder )nicht(?! nur| zuletzt)",
    r"kein(?:e|en|em|er|es)?", r"ohne",
    r"weder",
)  # fmt: skip
# With a negation beside them two noes have to be added up.
REFUSING = _words(
    r"ban(?:s|ned|ning)?", r"prohibit(?:s|ed|ing)?", r"forbid(?:s|den|ding)?",
    r"prevent(?:s|ed|ing)?",
    r"abolish(?:es|ed|ing)?", r"oppose[sd]?", r"reject(?:s|ed|ing)?", r"refuse[sd]?",
    r"repeal(?:s|ed)?",
    r"impossible", r"unacceptable", r"verbieten", r"verboten", r"verhindern", r"verhindert",
    r"abschaffen", r"abgeschafft", r"ablehnen", r"abgelehnt", r"untersagen", r"untersagt",
    r"unmöglich",
    r"verzichten",
)  # fmt: skip
_QUESTION_WORDS = (
    r"should|will|would|do|does|did|is|are|can|could|has|have|why|how|what|when|where|who|which"
)
_DEEDS = (
    r"abandon|abolish|accept|allow|ban|build|close|create|cut|deploy|end|expand|fund|give|impose|"
    r"increase|introduce|invest|join|keep|leave|legalise|legalize|limit|lower|make|open"
    r"|pay|privatise|"
    r"prohibit|raise|reduce|reform|reject|remove|repeal|replace|scrap|send|spend|stop"
    r"|subsidise|support|"
    r"tax|withdraw"
)
# Two questions: a second clause, or a second deed, after "and" or "or".
SECOND_QUESTION = re.compile(
    rf"\?.*\w.*\?|[,;]? (?:and|or) (?:{_QUESTION_WORDS}|also|{_DEEDS})(?!\w)"
    r"| and/or | as well as "
    r"|[,;]? (?:und|oder) (?:soll|sollen|sollte|sollten|wird|werden|kann|können|ist|sind"
    r"|hat|haben|"
    r"warum|wie|was|wann|wo|wer|welche[rsmn]?)(?!\w)| und/oder | sowohl .* als auch "
)
# German keeps its infinitives for the end: "abbauen und … bauen?" Case tells verbs from nouns.
SECOND_DEED_GERMAN = re.compile(
    r" [a-zäöü]\w*(?:en|ern|eln),? (?:und|oder) (?![a-zäöü]\w*(?:en|er|e"
    r"|es) ).* [a-zäöü]\w*(?:en|ern|eln)\?"
)

PREDICTION = re.compile(
    r"^(?:will (?!you\b)|(?:who|what|which \w+|how|where|how (?:many|much) \w+) will (?!you\b)"
    r"|(?:is|are) .* (?:going to|likely to) |wird (?!ihnen)|werden (?!sie\b)"
    r"|(?:wer|was|wie|wo|welche[rsmn]? \w+) (?:wird|werden) )"
)
_MONTHS = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"januar|februar|märz|mai|juni|juli|oktober|dezember"
)
# A date, or something to wait for, by which the answer will be known.
DATED = re.compile(
    rf"(?<!\w)(?:(?:19|20|21)\d\d|\d{{1,2}}\.\d{{1,2}}\.?|\d{{1,2}} (?:{_MONTHS})"
    rf"|(?:{_MONTHS}) \d{{1,2}}"
    rf"|(?:by|in|until|before|this|next|im|bis|ende|anfang|mitte) (?:the end of )?(?:{_MONTHS})"
    r"|today|tonight|tomorrow|this (?:week|month|year|season|summer|autumn|winter|spring"
    r"|decade|term|weekend)"
    r"|next (?!to\b)\w+|within|before|until|once|after|in (?:the )?(?:next|coming)"
    r"|by (?:the )?(?:end|next|then)"
    r"|heute|morgen|dieses? (?:woche|monat|jahr|saison)|dieses jahres|(?:nächste"
    r"|kommende)[nrsm]?|innerhalb"
    r"|binnen|bevor|vor (?:der|dem|den)|nach (?:der|dem|den)|bis (?:zu[rm]?|ende"
    r"|spätestens)|sobald|jahresende"
    r")(?!\w)"
)

_STRONG = (
    r"(?:(?:very|strongly|rather|somewhat|mostly|fully|quite|sehr|eher|stark|voll|ziemlich) )*"
)
POSITIVE = re.compile(
    rf"^{_STRONG}(?:(?:yes|ja)(?:$|[,;:.!–-]| (?:absolutely|definitely|gladly|but|aber"
    rf"|auf jeden fall))"
    r"|(?:agree|support|approve|in favou?r|for it|excellent|good|great|better|satisfied"
    r"|happy|positive|likely"
    r"|important|right|more|stimme(?: voll)? zu|dafür|gut|ausgezeichnet|besser|zufrieden|positiv"
    r"|wahrscheinlich|wichtig|richtig|mehr)(?!\w))"
)
NEGATIVE = re.compile(
    rf"^{_STRONG}(?:(?:no|nein)(?:$|[,;:.!–-]| (?:absolutely|definitely|never|but|aber"
    rf"|auf keinen fall))"
    r"|(?:disagree|oppose|disapprove|against|bad|poor|terrible|worse|dissatisfied|unhappy"
    r"|negative|unlikely"
    r"|unimportant|wrong|less|fewer|not (?:at all|good|likely|important|satisfied)|lehne ab"
    r"|stimme (?:überhaupt )?nicht zu|dagegen|schlecht|mangelhaft|schlechter|unzufrieden|negativ"
    r"|unwahrscheinlich|unwichtig|falsch|weniger|nicht (?:gut|wichtig|zufrieden)"
    r"|überhaupt nicht)(?!\w))"
)
ARGUED = _words(r"because", r"since", r"so that", r"weil", r"denn", r"damit", r"da sonst")
COVERS_OTHERS = re.compile(
    r"^(?:both|either|all of (?:the above|them|these)|any of (?:the above|them|these)|beides?"
    r"|alle(?:s)? (?:genannten?|davon|drei))(?!\w)"
)
RANGE = re.compile(r"(?<![\d.,])(\d{1,9})\s*(?:-|–|to|bis)\s*(\d{1,9})(?![\d.,]\d)")
