"""Which provider is used, and what is said when it cannot be."""

import asyncio

import pytest

from fluxloop.errors import AuthenticationFailed, NotFound, ProviderUnavailable
from fluxloop.providers.base import Prompt
from fluxloop.providers.embedded.provider import EmbeddedProvider
from fluxloop.providers.registry import choose_provider, create_provider
from fluxloop.providers.scripted import ScriptedProvider
from fluxloop.providers.vendor import VendorProvider
from fluxloop.schema.config import Settings


def test_without_a_choice_and_without_a_key_the_embedded_writer_is_used() -> None:
    """A first run needs no account."""
    assert isinstance(create_provider(Settings(), environ={}), EmbeddedProvider)


@pytest.mark.parametrize(("model", "provider"), [("claude-3-haiku", "anthropic"), ("gpt-4o-mini", "openai")])
def test_the_provider_is_inferred_from_the_model(model: str, provider: str) -> None:
    """`model: claude-3-haiku` alone is enough."""
    assert choose_provider(Settings(model=model), {}) == provider


@pytest.mark.parametrize(("provider", "variable"), [("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")])
def test_a_chosen_provider_without_its_key_names_the_variable(provider: str, variable: str) -> None:
    """Exit code 3, never the embedded writer in secret."""
    with pytest.raises(AuthenticationFailed, match=variable) as raised:
        create_provider(Settings(provider=provider), environ={})
    assert raised.value.exit_code == 3


def test_an_unknown_provider_names_the_nearest() -> None:
    """`opnai` is a slip, not a mystery."""
    with pytest.raises(NotFound, match="openai"):
        create_provider(Settings(provider="opnai"), environ={})


def test_a_script_answers_in_order_and_then_ends() -> None:
    """Replies come as they are written; after the last, the provider is gone."""
    provider = ScriptedProvider(["one", "two"])
    ask = provider.complete
    prompt = Prompt("", "")
    assert [asyncio.run(ask(prompt)).text for _ in range(2)] == ["one", "two"]
    with pytest.raises(ProviderUnavailable):
        asyncio.run(ask(prompt))


@pytest.mark.parametrize(
    ("environ", "provider"),
    [
        ({"OPENAI_API_KEY": "k"}, "openai"),
        ({"ANTHROPIC_API_KEY": "k"}, "anthropic"),
        ({"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "k"}, "openai"),
        ({"OPENAI_API_KEY": " \n", "ANTHROPIC_API_KEY": "k"}, "anthropic"),
        ({"OPENAI_API_KEY": ""}, "embedded"),
        ({"OPENAI_BASE_URL": "http://localhost:8000/v1"}, "embedded"),
    ],
)
def test_without_a_choice_the_key_at_hand_decides(environ: dict[str, str], provider: str) -> None:
    """Of two keys OpenAI's, the default; an empty one is none."""
    assert choose_provider(Settings(), environ) == provider


@pytest.mark.parametrize(("provider", "variable"), [("openai", "OPENAI_BASE_URL"), ("anthropic", "ANTHROPIC_BASE_URL")])
def test_the_usual_variable_leads_to_another_server(provider: str, variable: str) -> None:
    """It needs no key then; the settings' own address comes first."""
    environ = {variable: "http://localhost:8000/v1"}
    by_variable = create_provider(Settings(provider=provider), environ)
    by_setting = create_provider(Settings(provider=provider, base_url="http://localhost:9000/v1"), environ)
    assert isinstance(by_variable, VendorProvider)
    assert isinstance(by_setting, VendorProvider)
    assert by_variable.base_url == "http://localhost:8000/v1"
    assert by_setting.base_url == "http://localhost:9000/v1"


def test_a_vendors_own_server_has_no_base_url() -> None:
    """What it asks has the vendor's price."""
    provider = create_provider(Settings(provider="openai"), {"OPENAI_API_KEY": "k"})
    assert isinstance(provider, VendorProvider)
    assert (provider.name, provider.model, provider.base_url) == ("openai", "gpt-4o", None)
