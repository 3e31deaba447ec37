"""What handlers see and touch. `start` opens the desk, `window` frames the pages, `pages` holds one file per page.

Pages know services and Qt, never SQL or a rule of claims. Long work goes through `tasks`, every question and message
box through `dialogs`, every colour and size through `theme`, every picture through `icons`.
"""
