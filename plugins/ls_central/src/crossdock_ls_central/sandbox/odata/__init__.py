"""The OData V4 face: unbound actions of published codeunits."""
