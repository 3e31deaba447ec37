"""The coordinators' desk: complaints, calls after a payment, lawsuits, recoveries, and cases to look into.

Each of these rows says its facts and its next actions in one way, here and on the page of its case.
"""

from claimdesk.ui.pages.liaison.page import LiaisonPage

__all__ = ['LiaisonPage']
