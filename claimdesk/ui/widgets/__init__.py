"""The house's own widgets: plain text only, visible focus, a name for screen readers, colours from the theme."""

from claimdesk.ui.widgets.banner import Banner
from claimdesk.ui.widgets.busy import Busy, Skeleton
from claimdesk.ui.widgets.buttons import Button, IconButton, set_tip
from claimdesk.ui.widgets.card import card_column
from claimdesk.ui.widgets.chips import Chip, ChoiceChip, FilterChip, Popup
from claimdesk.ui.widgets.clearing import clear
from claimdesk.ui.widgets.dates import DateEdit, DateTimeEdit
from claimdesk.ui.widgets.empty import EmptyState
from claimdesk.ui.widgets.fields import Combo, MoneyEdit, NumberEdit, PasswordEdit, SearchEdit, TextArea
from claimdesk.ui.widgets.form import FormGrid, required
from claimdesk.ui.widgets.labels import ElidedLabel, KeyValue, PlainLabel, SectionHeader, plain_tip, separator
from claimdesk.ui.widgets.scrolling import panel_scroll
from claimdesk.ui.widgets.side_panel import SidePanel
from claimdesk.ui.widgets.state import STATE_ROLE, StateBadge, StateDelegate, paint_pill, paint_state
from claimdesk.ui.widgets.table import DataTable
from claimdesk.ui.widgets.toast import Toast
from claimdesk.ui.widgets.track import StageTrack, Step

__all__ = [
    'STATE_ROLE',
    'Banner',
    'Busy',
    'Button',
    'Chip',
    'ChoiceChip',
    'Combo',
    'DataTable',
    'DateEdit',
    'DateTimeEdit',
    'ElidedLabel',
    'EmptyState',
    'FilterChip',
    'FormGrid',
    'IconButton',
    'KeyValue',
    'MoneyEdit',
    'NumberEdit',
    'PasswordEdit',
    'PlainLabel',
    'Popup',
    'SearchEdit',
    'SectionHeader',
    'SidePanel',
    'Skeleton',
    'StageTrack',
    'StateBadge',
    'StateDelegate',
    'Step',
    'TextArea',
    'Toast',
    'card_column',
    'clear',
    'paint_pill',
    'paint_state',
    'panel_scroll',
    'plain_tip',
    'required',
    'separator',
    'set_tip',
]
