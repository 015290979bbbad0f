"""What came out of a vault is found again, whole or in lines, and never shown."""

from __future__ import annotations

from stems.tools.ansible.vaulted import REDACTED, Vaulted


def learned(text: str) -> Vaulted:
    made = Vaulted()
    made.learn_file(text)
    return made


def test_every_value_of_a_decrypted_file_counts() -> None:
    vaulted = learned(
        "user: somebody\nnested: {port: 15432, list: [one-of-them]}\nquiet: yes\nshort: abc\ntag: !x inner\n"
    )

    for text in ("somebody", "port=15432", "one-of-them", "inner"):
        assert vaulted.is_in({"before": "", "after": f"x {text};\n"}), text
    for text in ("somebodyelse", "yes", "abc", "user", "2154329"):
        assert not vaulted.is_in([text]), text


def test_each_line_of_a_text_counts() -> None:
    vaulted = learned("-----BEGIN-----\nAAAA BBBB\nCCCC\n")

    assert vaulted.is_in("  AAAA BBBB\n")
    assert vaulted.without({"msg": ["got CCCC there", 3]}) == {"msg": [f"got {REDACTED} there", 3]}


def test_a_vault_that_cannot_be_opened_hides_everything() -> None:
    class EncryptedString:
        def __str__(self) -> str:
            raise ValueError("no secret")

    vaulted = Vaulted()
    assert not vaulted.is_in("anything")
    vaulted.learn_encrypted({"a": [EncryptedString()]})
    assert vaulted.is_in("anything")


def test_variables_that_cannot_be_asked_for_hide_everything() -> None:
    def ask() -> object:
        raise ValueError("no such file of variables")

    vaulted = Vaulted()
    vaulted.learn_of(ask)
    assert vaulted.is_in("anything")


def test_what_is_encrypted_alone_is_decrypted_to_be_known() -> None:
    class EncryptedString:
        def __str__(self) -> str:
            return "s3cret-word"

    vaulted = Vaulted()
    vaulted.learn_encrypted({"a": {"b": EncryptedString()}, "c": "plain-word"})
    assert vaulted.is_in("x s3cret-word") and not vaulted.is_in("plain-word")
