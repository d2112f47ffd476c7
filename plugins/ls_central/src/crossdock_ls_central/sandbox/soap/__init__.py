"""The SOAP face: OmniWrapper and RetailWebServices."""
