"""Names of days and months in English and other languages, and the offsets of time zones."""

from __future__ import annotations

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

ZONE_MINUTES = (
    *range(-720, 0, 60), *range(60, 841, 60), -570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825
)  # fmt: skip
"""The offsets from UTC that are in use, summer times included."""

_DAYS = """
mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag
lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche
mie jue vie dom lunes martes jueves viernes domingo
gio sab lunedi martedi giovedi venerdi sabato domenica
seg ter qua qui sex segunda quarta quinta sexta
ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
tis ons tor lor son man tir ti ke to pe su la
pon wto sro czw pia sob nie po ut st ct pa ne
paz pzt sal per cum cmt sen sel rab kam jum sab min
"""
_MONTHS = """
januar februar jan feb marz mai juni juli okt oktober dez dezember
janv fevr mars avr avril juin juil juillet aout sept octobre decembre janvier
ene enero abr abril mayo jun junio jul julio ago agosto sep septiembre oct octubre nov noviembre dic diciembre
gen gennaio mag maggio giu giugno lug luglio set ott ottobre
fev mai out dez janeiro fevereiro maio junho julho outubro dezembro
mrt mei maart augustus aug desember des maj joulu tammi helmi maalis huhti touko kesa heina elo syys loka marras
sty lut kwi cze lip sie wrz paz lis gru led uno bre dub kve cer srp zar rij
oca sub nis tem agu eyl eki kas ara
"""
FOREIGN_WEEKDAYS = frozenset(_DAYS.split())
FOREIGN_MONTHS = frozenset(_MONTHS.split()) - {name[:3].lower() for name in MONTHS}
"""Names as other languages abbreviate them in ASCII letters, lower-case and without a full stop.

Names with other letters need no table, since no English name has any.
"""
