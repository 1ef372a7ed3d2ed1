"""What a message says: the pool's own templates for invitations, sign-in codes and verification codes."""

from __future__ import annotations

from cognito_challenges.pool.store.records import UserPool

CODE_PLACE = "{####}"
NAME_PLACE = "{username}"
INVITATION, SIGN_IN = "CustomMessage_AdminCreateUser", "CustomMessage_Authentication"
_INVITES = f"Your username is {NAME_PLACE} and temporary password is {CODE_PLACE}."
_CODE = f"Your verification code is {CODE_PLACE}."
_SUBJECT = "Your code"


def template(pool: UserPool, source: str, medium: str) -> tuple[str, str]:
    """Subject and text for a CustomMessage source and "SMS" or "EMAIL", with the places for code and name in it."""
    sms = medium == "SMS"
    if source == INVITATION:
        own = pool.settings.structure("AdminCreateUserConfig").structure("InviteMessageTemplate")
        return own.text("EmailSubject", _SUBJECT), own.text("SMSMessage" if sms else "EmailMessage", _INVITES)
    if source == SIGN_IN and sms:
        own = pool.mfa.structure("SmsMfaConfiguration")
        pool_wide = pool.settings.text("SmsAuthenticationMessage", _CODE)
        return _SUBJECT, own.text("SmsAuthenticationMessage", pool_wide)
    if source == SIGN_IN:
        own = pool.mfa.structure("EmailMfaConfiguration")
        return own.text("Subject", _SUBJECT), own.text("Message", _CODE)
    own, legacy = pool.settings.structure("VerificationMessageTemplate"), pool.settings
    subject = own.text("EmailSubject", legacy.text("EmailVerificationSubject", _SUBJECT))
    if sms:
        return subject, own.text("SmsMessage", legacy.text("SmsVerificationMessage", _CODE))
    return subject, own.text("EmailMessage", legacy.text("EmailVerificationMessage", _CODE))
