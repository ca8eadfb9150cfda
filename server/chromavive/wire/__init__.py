"""What travels between a page and the hub: JSON messages both ways, binary chroma frames one way. Pure."""
