"""The language of a text."""

from __future__ import annotations

import pytest

from trucewatch.reading.languages import detect_language


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Shells fell on the village on Monday evening and two farmers were killed."),
        ("ar", "قصفت قوات النظام قرية تل عمارة مساء الاثنين ما أدى إلى مقتل مدنيين اثنين."),
        ("ru", "Артиллерия обстреляла село на линии соприкосновения, двое жителей погибли."),
        ("uk", "Артилерія обстріляла село на лінії зіткнення, двоє мешканців загинули."),
        ("tr", "Pazartesi akşamı köye düşen top mermileri iki çiftçinin ölümüne yol açtı."),
        ("fr", "Des obus sont tombés lundi soir sur le village, tuant deux agriculteurs."),
        ("es", "Los proyectiles cayeron el lunes por la tarde sobre la aldea y mataron a dos campesinos."),
        ("fa", "گلوله‌های توپ شامگاه دوشنبه بر روستا فرود آمد و دو کشاورز کشته شدند."),
        ("he", "פגזים נפלו על הכפר ביום שני בערב ושני חקלאים נהרגו."),
    ],
)
def test_a_sentence_is_enough(code: str, text: str) -> None:
    assert detect_language(text) == code


@pytest.mark.parametrize("text", ["", "12 March 2020", "Tal Amara", "... !!! 12345 67890"])
def test_too_few_letters_say_nothing(text: str) -> None:
    assert detect_language(text) is None


def test_the_choice_can_be_restricted() -> None:
    assert detect_language("Артилерія обстріляла село на лінії зіткнення, двоє загинули.", ("en", "ru")) == "ru"
