"""The linear program, one file per idea. Every constraint is declared by one card: words, algebra, unit and dual together."""

from __future__ import annotations

from inspect import cleandoc

from model.formulation import balance, indicators, investment, operation, production, trade
from model.formulation.cards import Card

CARDS: tuple[Card, ...] = (*balance.CARDS, *production.CARDS, *operation.CARDS, *investment.CARDS, *trade.CARDS, *indicators.CARDS)
CARD: dict[str, Card] = {card.name: card for card in CARDS}
DEFINITIONS: tuple[str, ...] = (cleandoc(production.EFFECTS), cleandoc(indicators.TOTAL))  # shorthands in the algebra of the cards

__all__ = ["CARD", "CARDS", "DEFINITIONS", "Card"]
