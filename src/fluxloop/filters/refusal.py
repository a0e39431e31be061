"""What a model says in place of a user's message: refusals, talk about itself, preambles, the assistant's own lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from fluxloop.filters.base import Text, excerpt
from fluxloop.schema.config import Settings
from fluxloop.schema.finding import Finding

_SORRY = r"(?:(?:i(?:'| a)?m (?:really |very |so |truly )?sorry|sorry|i apologi[sz]e|apologies|unfortunately)[^a-z]*(?:but )?)?"
_CANNOT = r"i(?: can'?t| cannot| can not| won'?t| will not|'m unable to| am unable to|'?m not able to| am not able to)"
_WRITING = r"(?:content|messages?|inputs?|text|material|examples?|responses?|queries|prompts?)"
_COUNT = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|a dozen|some|a few|several|the|your|a (?:list|set) of)"
_KIND = r"(?:realistic|diverse|sample|example|possible|potential|user|synthetic|generated|requested|unique|short|test|customer|distinct)"

REFUSALS = (
    rf"{_SORRY}{_CANNOT} (?:help|assist)(?: you)?(?: (?:with|in) (?:that|this|your|these|creating|generating|writing|such)\b|[.!]|$)",
    rf"{_SORRY}{_CANNOT} (?:assist (?:with|you|in)\b|fulfill? (?:that|this|your)\b|comply with\b|engage in\b|continue with this\b)",
    rf"{_SORRY}{_CANNOT} (?:create|generate|write|provide|produce|share)\b.{{0,40}}\b"
    rf"(?:(?:harmful|offensive|hateful|explicit|inappropriate|illegal|such|that kind of|this kind of|this type of) {_WRITING}\b"
    rf"|{_WRITING} (?:that|which) (?:contain|promote|include|involve)|(?:user|realistic) {_WRITING}\b)",
    r"i (?:must|have to) (?:respectfully |politely )?decline\b(?! (?:the|my|an?|this|your) (?:invite|meeting|charge|payment|order|offer|call))",
    r"i(?:'m| am) not comfortable (?:creating|generating|writing|producing|providing)",
    r"(?:violat\w+|(?:goes|is|are) against) (?:my|openai'?s|anthropic'?s) (?:\w+ )?(?:guidelines|polic(?:y|ies)|programming|principles)",
    r"es tut mir leid,? aber ich kann (?:dir |ihnen |euch )?(?:dabei|damit|hierbei|bei dieser anfrage) nicht (?:weiter)?helfen",
    r"(?:lo siento|disculpa|lamento)[^a-z]*(?:pero )?no puedo (?:ayudar(?:te|le)? con (?:eso|esto|esa|esta)|asistir|cumplir con|generar contenido)",
    r"je suis désolée?s?,? mais je ne (?:peux|puis) pas (?:vous |t')?(?:aider (?:avec|à créer)|répondre à cette|fournir ce|créer de contenu)",
    r"(?:desculpe|sinto muito|lamento)[^a-z]*(?:mas )?não posso (?:ajudar com (?:isso|esse|essa)|criar conteúdo|fornecer esse|atender a esse)",
    r"申し訳(?:ありません|ございません)が.{0,30}(?:お手伝い|お答え|ご提供|提供|作成|生成)(?:する(?:こと)?)?(?:は|が)?(?:できません|できかねます|出来ません)",
)
"""Refusals, matched from the start of a sentence. Users cannot log in, write to a folder or create an account; models
cannot assist, comply, or write such content."""

SELF_TALK = (
    r"as an? (?:ai|artificial intelligence)(?: language)?(?: model| assistant| system| chatbot)?[ ,]+(?:i\b|my\b)",
    r"as an? (?:ai|large)? ?language model\b(?![ ,]+(?:are|do|can|could|would|will|how|what|why|is)\b)",
    r"i(?:'m| am) (?:just |only )?an? (?:ai )?(?:language model|ai (?:model|assistant|chatbot))\b(?! (?:developer|engineer|company|startup|researcher|team))",
    r"als (?:ki|künstliche intelligenz|sprachmodell)(?:-sprachmodell|-assistent\w*|-modell)? (?:kann|habe|bin|darf) ich",
    r"como (?:una? )?(?:ia|inteligencia artificial|modelo de lenguaje)\b,? (?:no|mi|yo)\b",
    r"en tant qu(?:e |')(?:ia|intelligence artificielle|modèle de langage|assistant virtuel),? (?:je|mon|ma)\b",
    r"como (?:uma? )?(?:ia|inteligência artificial|modelo de linguagem)\b,? (?:não|minha|meu|eu)\b",
    r"ai(?:言語モデル|アシスタント)として",
)
"""A model on itself."""

PREAMBLES = (
    rf"(?:(?:sure|certainly|of course|absolutely|okay|ok|great)[^a-z]*)(?:here(?:'s| is| are)|below are) (?:{_COUNT} )?(?:{_KIND} )*"
    r"(?:messages|inputs|queries|prompts|utterances|variations|questions|examples)\b(?! (?:i|we|you|that|my|it|from (?:your|the|my|our))\b)",
    rf"(?:here|below) are (?:{_COUNT} )?(?:{_KIND} )+(?:messages|inputs|queries|prompts|utterances|variations|questions|examples)\b"
    r"(?! (?:i|we|you|that|my|it|from (?:your|the|my|our))\b)",
    r"(?:sure|certainly|of course|absolutely)[^a-z]*i(?:'ll| will|'d be happy to| can) (?:write|create|generate|provide) "
    rf"(?:{_COUNT} |{_KIND} )*(?:messages|inputs|queries|prompts|examples)",
    r"let me know if you(?:'d| would)? (?:like|want|need) (?:me to (?:generate|write|create|adjust)|more (?:examples|messages|variations))",
)
"""A model on what it is about to write."""

ASSISTANT_LINES = (
    r"how (?:can|may) i (?:help|assist) you(?: today)?\s*\?",
    r"is there anything else (?:that )?i can (?:help|assist) you with",
    r"thank you for contacting (?:us|our|customer)",
    r"i(?:'d| would) be happy to (?:help|assist) you with (?:that|this|your)",
    r"wie kann ich (?:ihnen|dir) (?:heute )?(?:weiter)?helfen\s*\?",
    r"¿(?:en qué|cómo) puedo ayudar(?:te|le|lo|la)(?: hoy)?\s*\?",
    r"comment puis-je vous aider(?: aujourd'hui)?\s*\?",
    r"como posso (?:ajudá-l[oa]|te ajudar|ajudar você)(?: hoje)?\s*\?",
    r"どのようなご用件|何かお手伝いできること",
)
"""The other side of the conversation: the model answers where it should ask."""

START = r"(?:^|(?<=[.!?。！？\n]\s)|(?<=\n)|(?<=。))\W*"


def _compile(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{START}(?:{'|'.join(patterns)})", re.IGNORECASE)


KINDS = (
    ("refusal", _compile(REFUSALS)),
    ("a model on itself", _compile(SELF_TALK)),
    ("preamble", _compile(PREAMBLES)),
    ("an assistant's line", _compile(ASSISTANT_LINES)),
)


@dataclass(frozen=True, slots=True)
class RefusalFilter:
    """Only synthetic texts are checked: what a person wrote is what they meant to test."""

    name: ClassVar[str] = "refusal"

    def check(self, text: Text) -> Finding | None:
        """What of this message is the model's own talk."""
        if text.source == "manual":
            return None
        plain = text.text.replace("’", "'")
        for kind, pattern in KINDS:
            if match := pattern.search(plain):
                return Finding(self.name, kind, f"a model says “{excerpt(match.group().strip())}”, a user does not")
        return None


def create(_settings: Settings) -> RefusalFilter:
    """The filter; it has no settings."""
    return RefusalFilter()
