"""`/xapi`: the resources of the xAPI specification, in versions 1.0.3 and 2.0.0. Plain views, outside OpenAPI."""
