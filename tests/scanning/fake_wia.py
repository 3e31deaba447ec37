"""A COM object that behaves like `WIA.DeviceManager`: Windows is not where these tests run."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image

from claimdesk.scanning.wia import ACROSS, CAPABILITIES, DOWN, HANDLING, HIGHEST, NAME, PAPER_EMPTY, PNG, WIDEST


class ComError(Exception):
    """As comtypes raises it: the code is a signed number."""

    def __init__(self, code: int, text: str = '') -> None:
        super().__init__(text)
        self.hresult = code - (1 << 32) if code >= 1 << 31 else code
        self.text = text


class Several:
    """A COM collection, counted from 1."""

    def __init__(self, members: Sequence[Any]) -> None:
        self._members = members
        self.Count = len(members)

    def Item(self, place: int) -> Any:
        return self._members[place - 1]


class Property:
    def __init__(self, number: int, value: Any, **more: Any) -> None:
        self.PropertyID = number
        self.Value = value
        self.__dict__.update(more)


class Item:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self.Properties = Several([
            Property(ACROSS, 100, SubTypeValues=Several([600, 100, 200])),
            Property(DOWN, 100),
            *(Property(number, 0) for number in (6146, 6149, 6150, 6151, 6152)),
        ])

    def value(self, number: int) -> Any:
        return next(one.Value for one in self.Properties._members if one.PropertyID == number)

    def Transfer(self, form: str) -> Any:
        scanner = self._scanner
        if form == PNG and scanner.only_bitmaps:
            raise ComError(0x80070057, 'The parameter is incorrect.')
        if scanner.fails and scanner.given == scanner.fails[0]:
            raise ComError(scanner.fails[1], 'said by the driver')
        if scanner.given >= scanner.sheets:
            raise ComError(PAPER_EMPTY)
        scanner.given += 1
        out = io.BytesIO()
        Image.new('L', (20, 10), scanner.given).save(out, 'PNG' if form == PNG else 'BMP')
        return type('ImageFile', (), {'FileData': type('Vector', (), {'BinaryData': out.getvalue()})})


class Scanner:
    def __init__(
        self, *, sheets: int = 1, handles: int = 7, fails: tuple[int, int] | None = None, bitmaps: bool = False
    ) -> None:
        self.sheets, self.fails, self.only_bitmaps, self.given = sheets, fails, bitmaps, 0
        self.item = Item(self)
        self.Items = Several([self.item])
        self.Properties = Several([
            Property(CAPABILITIES, handles), Property(HANDLING, 0), Property(WIDEST, 8500), Property(HIGHEST, 11700),
        ])  # fmt: skip

    def value(self, number: int) -> Any:
        return next(one.Value for one in self.Properties._members if one.PropertyID == number)


class Info:
    def __init__(self, device: str, name: str, scanner: Scanner | None, kind: int = 1) -> None:
        self.DeviceID, self.Type, self._scanner = device, kind, scanner
        self.Properties = Several([Property(NAME, name)])

    def Connect(self) -> Scanner:
        if self._scanner is None:
            raise ComError(0x80210005)
        return self._scanner


class DeviceManager:
    def __init__(self, *infos: Info) -> None:
        self.DeviceInfos = Several(infos)
