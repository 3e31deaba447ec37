"""Who may do what: the permissions of each role, and the sentence that says who may when somebody may not."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from claimdesk.language import N_, _
from claimdesk.vocabulary import Role, Word, label


class Permission(Word):
    """Something that a role may or may not do."""

    REGISTER_CASE = 'register_case', N_("take a report")
    EDIT_CASE = 'edit_case', N_("edit a case")
    OPEN_CASE = 'open_case', N_("register a case")
    ASSIGN = 'assign', N_("assign cases")
    SURVEY = 'survey', N_("write a survey report")
    DISPATCH = 'dispatch', N_("dispatch a surveyor")
    ASSESS = 'assess', N_("assess the loss")
    CHECK_PRICES = 'check_prices', N_("check the prices of a loss")
    REINSPECT = 'reinspect', N_("re-inspect a loss")
    ADJUST = 'adjust', N_("calculate the payment")
    APPROVE = 'approve', N_("approve a calculation")
    PAY = 'pay', N_("make payments")
    CLOSE = 'close', N_("close a case")
    CANCEL_REPORT = 'cancel_report', N_("cancel a report")
    CANCEL_CASE = 'cancel_case', N_("cancel a case")
    REFUSE = 'refuse', N_("refuse a claim")
    ZERO_CLOSE = 'zero_close', N_("close a case without payment")
    REOPEN = 'reopen', N_("reopen a case")
    OVERRIDE_GATE = 'override_gate', N_("close a case with something left open")
    CHECK_ACCOUNT = 'check_account', N_("check a changed account")
    ATTACH_DOCUMENTS = 'attach_documents', N_("add documents")
    CONFIRM_READING = 'confirm_reading', N_("confirm what was read")
    VERIFY_DOCUMENTS = 'verify_documents', N_("verify documents")
    ACCEPT_DUPLICATE = 'accept_duplicate', N_("keep a second copy of an invoice")
    SEND_NOTICE = 'send_notice', N_("send a notice for missing documents")
    MESSAGE = 'message', N_("record conversations")
    COMPLAINT = 'complaint', N_("handle complaints")
    GRANT_TIME = 'grant_time', N_("grant more time for a complaint")
    RECOVER = 'recover', N_("keep the ledger of recoveries")
    INVESTIGATE = 'investigate', N_("record what a closer look at risk signals found")
    URGE = 'urge', N_("urge somebody")
    EXPLAIN_DELAY = 'explain_delay', N_("say why a step is late")
    EXPORT = 'export', N_("export lists")
    VIEW_REPORTS = 'view_reports', N_("see the reports")
    VIEW_AUDIT = 'view_audit', N_("see the audit trail")
    MANAGE_USERS = 'manage_users', N_("manage accounts")
    MANAGE_OFFICE = 'manage_office', N_("change the office's settings")


P = Permission
_PAPERS = {P.ATTACH_DOCUMENTS, P.CONFIRM_READING, P.VERIFY_DOCUMENTS, P.SEND_NOTICE}
_EVERYDAY = {P.EDIT_CASE, P.MESSAGE, P.URGE, P.EXPLAIN_DELAY, P.EXPORT, *_PAPERS}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.SERVICE: frozenset(
        {P.REGISTER_CASE, P.OPEN_CASE, P.DISPATCH, P.CANCEL_REPORT, P.COMPLAINT, P.CLOSE, *_EVERYDAY}
    ),
    Role.SURVEYOR: frozenset({P.OPEN_CASE, P.SURVEY, P.ASSESS, P.REINSPECT, *_EVERYDAY}),
    Role.ASSESSOR: frozenset({P.SURVEY, P.ASSESS, P.CHECK_PRICES, *_EVERYDAY}),
    Role.ADJUSTER: frozenset({P.ASSESS, P.ADJUST, P.CLOSE, *_EVERYDAY}),
    Role.APPROVER: frozenset(
        {
            P.APPROVE,
            P.CHECK_PRICES,
            P.REINSPECT,
            P.REFUSE,
            P.CANCEL_CASE,
            P.ZERO_CLOSE,
            P.REOPEN,
            P.ACCEPT_DUPLICATE,
            P.CHECK_ACCOUNT,
            P.INVESTIGATE,
            P.VIEW_REPORTS,
            *_EVERYDAY,
        }
    ),
    Role.FINANCE: frozenset(
        {
            P.URGE,
            P.EXPLAIN_DELAY,
            P.PAY,
            P.RECOVER,
            P.CHECK_ACCOUNT,
            P.CLOSE,
            P.MESSAGE,
            P.EXPORT,
            P.VIEW_REPORTS,
        }
    ),
    Role.COORDINATOR: frozenset({P.COMPLAINT, P.RECOVER, P.ASSIGN, P.DISPATCH, P.VIEW_REPORTS, *_EVERYDAY}),
    Role.MANAGER: frozenset(set(P) - {P.MANAGE_USERS, P.PAY, P.ADJUST}),
    Role.ADMINISTRATOR: frozenset(
        {P.MANAGE_USERS, P.MANAGE_OFFICE, P.VIEW_AUDIT, P.VIEW_REPORTS, P.EXPORT, P.ASSIGN, P.URGE}
    ),
    Role.AUDITOR: frozenset({P.VIEW_REPORTS, P.VIEW_AUDIT, P.EXPORT}),
}


def may(roles: Collection[Role], permission: Permission) -> bool:
    """Whether one of `roles` has `permission`."""
    return any(permission in PERMISSIONS[role] for role in roles)


def refusal_sentence(permission: Permission) -> str:
    """Why somebody may not, naming the roles that may."""
    allowed = [label(role) for role in Role if permission in PERMISSIONS[role]]
    return _("Your role may not {action}. Those who may: {roles}.").format(
        action=label(permission), roles=_(", ").join(allowed)
    )
