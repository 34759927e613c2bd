"""The redacted words of one conversation, with what they show and the invoice they are about."""

from __future__ import annotations

import streamlit as st

from dashboard import chat, client
from dashboard.render import show as render
from dashboard.visit import Visit
from models.figures import InvoiceMap
from models.stored import ConversationDetail
from models.taxonomy import Feature, Reason, Step


def show(visit: Visit) -> None:
    asked = visit.asked("id") or ""
    if not asked.isdecimal():
        return render("not_found.html", visit)
    detail = client.conversation(int(asked))
    tags = chat.tags(detail, visit.t)
    render("conversation_head.html", visit, detail=detail)
    words, facts = st.columns([3, 2], gap="large")
    with words:
        spoken = chat.turns(detail, tags, visit.asked("tag"))
        render("chat.html", visit, turns=spoken, opening=chat.opening(spoken), language=detail.summary.language)
    with facts:
        render("tags.html", visit, detail=detail, tags=tags)
        correction(visit, detail)
        if detail.invoice:
            pages = invoice_page(visit, detail)
            render("linked_invoice.html", visit, detail=detail, invoice=detail.invoice, pages=pages)
        else:
            render("unlinked.html", visit)
    return None


def invoice_page(visit: Visit, detail: ConversationDetail) -> list[tuple[InvoiceMap, int, bytes]]:
    """The pages of the linked document's version that print what the conversation is about."""
    name = detail.invoice.template_version if detail.invoice else None
    if not name:
        return []
    layout = client.invoice_map(name, visit.query_without("template_version", "feature"))
    about = {tag.id for tag in detail.features}
    numbers = sorted({zone.page for zone in layout.zones if zone.feature in about})
    found = [(layout, number, client.page_image(name, number)) for number in numbers]
    return [(layout, number, image) for layout, number, image in found if image]


def correction(visit: Visit, detail: ConversationDetail) -> None:
    """A form that puts a person's tags in the place of the model's."""
    t = visit.t
    with st.expander(t("correct.title")), st.form(f"correct-{detail.summary.id}", border=False):
        primary = st.selectbox(
            t("correct.primary"), list(Reason), list(Reason).index(detail.summary.primary), format_func=t.name
        )
        others = [Reason(tag.id) for tag in detail.reasons if tag.id != detail.summary.primary]
        reasons = st.multiselect(t("correct.reasons"), list(Reason), others, format_func=t.name, placeholder="–")
        about = [Feature(tag.id) for tag in detail.features]
        features = st.multiselect(t("correct.features"), list(Feature), about, format_func=t.name, placeholder="–")
        steps = [None, *Step]
        step = st.selectbox(
            t("correct.step"), steps, steps.index(detail.summary.step), format_func=lambda s: t.name(s) if s else "–"
        )
        author = st.text_input(t("correct.author"), key="author", max_chars=100)
        pressed = st.form_submit_button(t("correct.save"), type="primary")
    if pressed and not author.strip():
        st.warning(t("correct.nobody"))
    elif pressed and primary:
        alone = primary == Reason.NOT_BILLING
        tags = ([], [], None) if alone else (reasons, features, step)
        client.correct(detail.summary.id, primary, *tags, author=author.strip())
        st.toast(t("correct.saved"))
        st.rerun()
