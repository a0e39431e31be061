"""What is too offensive to keep: words and patterns by kind, as data.

Only the upper tiers stand here. Swearing at things ("damn", "this shit is broken", "wtf") is how frustrated users write
and is kept; so are clinical words and words that are harmless in most sentences.
"""

from __future__ import annotations

# fmt: off
SLURS = frozenset(
    "nigger niggers nigga niggas faggot faggots fag fags tranny trannies shemale kike kikes spic spics chink chinks gook gooks wetback "
    "wetbacks beaner beaners raghead ragheads towelhead towelheads sandnigger jigaboo coons darkie darkies paki pakis retard retards "
    "retarded mongoloid dyke dykes bulldyke golliwog untermensch "
    "kanake kanaken schwuchtel schwuchteln nigga neger zigeuner judensau fotze "  # German
    "maricón maricon maricones sudaca sudacas negrata negratas "  # Spanish
    "bougnoule bougnoules pédé négro youpin youpins bamboula enculé "  # French
    "viado viados crioulo crioulos sapatão "  # Portuguese
    "pidoras пидор пидорас ниггер жид хач чурка".split()
)
"""Words that attack people for what they are."""

SEXUAL = frozenset(
    "blowjob blowjobs handjob handjobs rimjob footjob deepthroat cumshot creampie bukkake gangbang gangbangs threesome dildo dildos "
    "masturbate masturbating masturbation jerkoff wank wanking orgasm orgasms horny milf hentai futanari porn porno pornography "
    "pornhub camgirl bdsm femdom cunnilingus fellatio anilingus fingerbang titties titfuck pussies slut sluts whore whores "
    "jailbait lolita bestiality incest "
    "wichsen muschi schwanzlutscher mamada polla coño follarte branlette nique boquete buceta xoxota punheta "
    "порно хентай".split()
)
"""Words that are sexual wherever they stand."""

ABUSE = frozenset(
    "motherfucker motherfuckers cunt cunts cocksucker cocksuckers fuckface fucktard fucktards dickhead dickheads asswipe "
    "hurensohn wichser hijueputa hijodeputa connard salope".split()
)
"""Words thrown at a person."""

_WILL = r"(?:i(?:'| wi)ll|ill|i(?:'m| am| m)? (?:gonna|going to|goin to)|imma|we(?:'| wi)ll|we(?:'re| are) going to|gonna|someone (?:should|will|needs to)|i (?:want|swear i'?ll|swear i will|hope (?:someone|they)) (?:to )?)"
_PERSON = r"(?:you|u|ya|y'all|him|her|ur|everyone|everybody)\b(?! (?:guys )?(?:a|an|the|over|some|my|another|one|back|off|to it|up on)\b)"
_YOURS = r"(?:your|ur|his|her|their) (?:whole |entire |fucking |damn )?(?:family|kids?|children|wife|husband|mother|mom|daughter|son|dog|cat|throat|neck|legs?|fingers|face|skull|head|house|home|office|building|store|shop)\b"

THREATS = (
    rf"{_WILL} (?:fucking |really |just )?(?:kill|murder|stab|strangle|choke|rape|slaughter|execute|behead|lynch|hurt|shoot|beat|hang|poison) {_PERSON}(?! (?:subscription|account|process))",
    rf"{_WILL} (?:fucking |really |just )?(?:kill|murder|stab|hurt|rape|shoot|burn(?: down)?|bomb|blow up|slit|break|smash) {_YOURS}(?! (?:page|an?)\b)",
    rf"{_WILL} (?:find|come for|come after|go after|get) your (?:family|kids?|children|wife|husband|mother|mom|daughter|son)\b",
    r"i know where (?:you|u|ya|your (?:family|kids|children|wife|husband|mother|mom)) (?:live|lives|work|works|sleep|sleeps|go to school)\b",
    r"i(?:'| wi)ll come to your (?:house|home) (?:with|and)\b",
    r"(?:you(?:'| a)re|ur|youre) (?:so |fucking |a )?dead(?: meat| man| woman|[.!]*$)",
    r"(?:watch your back|sleep with one eye open|your days are numbered)",
    r"(?:go )?(?:kill|hang|shoot) (?:yourself|urself|yourselves)|\bkys\b|\b(?:drop dead|die in a fire|burn in hell|rot in hell)\b",
    r"(?:i )?hope (?:you|u|your (?:family|kids|children)) (?:all )?(?:die|dies|get cancer|burn|rot|choke)",
    r"(?:put|get) a bullet in (?:you|your|his|her)",
    r"(?:(?:bomb|shoot up|burn down) (?:your|the|this)|blow up your) (?:whole |entire |fucking )?(?:office|building|store|shop|headquarters|hq|school|company|place|clinic|hospital)",
    r"ich (?:bringe?|werde) (?:dich|euch|sie) (?:alle )?um(?:bringen)?\b|ich wei(?:ß|ss),? wo (?:du wohnst|ihr wohnt|sie wohnen)|ich stech\w* dich ab|verreck(?:e|t)?\b",
    r"(?:te|os|los) voy a (?:matar|rajar|reventar)|sé (?:donde|dónde) vives|ojalá te mueras",
    r"je vais (?:te|vous) (?:tuer|crever|égorger)|je sais où (?:tu habites|vous habitez)|crève\b",
    r"(?:vou te|eu te|vou) matar?(?: você|\b)(?! (?:o|a|os|as) )|sei onde você mora|vai morrer,? (?:seu|sua)",
    r"殺してやる|殺すぞ|ぶっ殺|死ね(?:よ|$|[。!！])|住所(?:は|も)?知ってるぞ",
    r"я тебя убью|знаю,? где ты жив[её]шь",
)
"""Violence announced or wished to a person. `kill the process` and `shoot me an email` have no person in them."""

SEXUAL_PATTERNS = (
    r"(?:send|show|share|post|trade|want|got)(?: me| us)?(?: some| any| your| ur)? (?:nudes?|dick ?pics?|tit ?pics?|naked (?:pics?|pictures?|photos?))\b",
    r"\b(?:suck|lick|ride|stroke|touch|eat)(?:ing|s)? (?:my|your|his|her|ur) (?:dick|cock|balls|pussy|ass|clit|tits)\b",
    r"\b(?:wanna|want to|gonna|going to|let'?s|let me|i'?ll|i would|i'd) (?:fuck|bang|screw) (?:you|u|her|him|ur|your (?:mom|mother|wife|sister))\b(?! over| up)",
    r"\b(?:anal|oral|gay|rough|group|phone|cyber) sex\b(?! (?:education|health|therapy|transmi|ed\b))",
    r"\bhave sex with (?:me|you|u)\b|\bsex chat\b|\bsexting\b|\btalk dirty\b|\bjerk(?:ing)? off\b|\bcum (?:on|in|inside|for)\b|\bmake (?:me|you) cum\b",
    r"\berotic (?:story|stories|roleplay|fiction|chat|massage)\b|\b(?:child|kiddie) porn\b|\bnaked (?:girls|boys|women|kids|children)\b",
    r"\b(?:big|huge|hard|wet|tight) (?:cock|dick|tits|pussy|boobs)\b|\b(?:what are you wearing|are you wearing panties|sit on my face)\b",
    r"(?:schick|zeig)\w* (?:mir )?(?:nacktbilder|deine titten)|(?:manda|envía|enseña)\w* (?:fotos desnud[ao]s?|tus tetas)|envoie\w* (?:moi )?(?:des |tes )?(?:nudes|seins)|manda\w* (?:nudes|foto pelad[ao])",
)
"""Sexual talk made of words that are harmless alone."""

ABUSE_PATTERNS = (
    r"\bfuck (?:you|u|ya|off)\b(?! up\b)|\bfuck your (?:mother|mom|family)\b|\bgo fuck yourself\b|\bf u bitch\b",
    r"\byou(?:'re| are|r| r)?(?: all| both)?(?: such)?(?: a| an)?(?: bunch of)?(?: (?:fucking|stupid|dumb|useless|lazy|ugly|fat|old|worthless))* (?:bitch(?:es)?|bastards?|assholes?|pieces? of shit|scum|subhumans?|pricks?|twats?|whores?|sluts?)\b",
    r"\b(?:fucking|stupid|dumb) (?:bitch|bitches|cunt|whore)\b",
    r"\b(?:gas|exterminate|kill) (?:all |the )+(?:jews|muslims|blacks|gays|immigrants|women|whites|arabs|mexicans|asians|christians)\b",
    r"\b(?:all )?(?:jews|muslims|blacks|gays|immigrants|arabs|mexicans) (?:are|should) (?:all )?(?:vermin|animals|subhuman|die|be (?:killed|shot|gassed|deported))\b",
    r"\bfick dich\b|\bdu (?:dumme |blöde |verdammte )?(?:hure|fotze|schlampe|missgeburt)\b|\bhijo de puta\b|\bvete a la mierda\b|\bnique ta m[eè]re\b|\bsale (?:pute|arabe|juif|noir)\b|\bfilho da puta\b|\bvai se foder\b",
)
"""Strong insults to a person, and hatred of a people."""
# fmt: on

HARMLESS = (
    r"\bspic(?:k)? and span\b|\bmaine coons?\b|\bchinks? in (?:the|our|your|their) armou?r\b|\bretard(?:ed|ing)? (?:growth|timing|the ignition)\b"
    r"|\bflame retard\w*|\bfire retard\w*|\bdick'?s sporting\b|\b(?:van|moby|dick) dyke\b|\bdyke (?:road|repair|construction)\b"
    r"|\b(?:en|du|de|ce|le|un|mon|ton|son|votre|quel|aucun|sans|au|leur) retards?\b|\bretard d['eu]"
    r"|\bporn (?:filter|blocker|blocking)\b|\bblock(?:s|ed|ing)? porn\w*\b|\bwank(?:el)\b"
)
"""Where a listed word means something else."""

HOMOGRAPHS = {
    "fr": frozenset({"retard", "retards"}),
    "es": frozenset({"kike"}),
    "sv": frozenset({"slut", "fag"}),
    "da": frozenset({"slut", "fag"}),
    "no": frozenset({"slut", "fag"}),
}
"""Listed words that are plain words of another language: French `retard` is a delay."""
