"""A shipping label as a real, small PDF."""

from __future__ import annotations

from collections.abc import Sequence


def label_pdf(lines: Sequence[str]) -> bytes:
    """One page of 100 by 150 mm with `lines` of text (what is not Latin-1 becomes a question mark)."""
    shown = b"".join(b"(%s) Tj 0 -24 Td " % _escaped(line) for line in lines)
    content = b"BT /F1 14 Tf 20 390 Td " + shown + b"ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 283 425] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    file = b"%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return file + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def looks_like_pdf(content: bytes) -> bool:
    """Whether the bytes begin and end as a PDF does; half a file does not."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]


def _escaped(line: str) -> bytes:
    text = line.encode("latin-1", "replace")
    return text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
