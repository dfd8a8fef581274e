"""An optional reader by a language model behind any OpenAI-compatible address. Off unless somebody makes one."""

from trucewatch.reading.endpoints.readers import EndpointReader, Usage
from trucewatch.reading.endpoints.settings import EndpointSettings

__all__ = ["EndpointReader", "EndpointSettings", "Usage"]
