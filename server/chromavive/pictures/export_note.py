"""The note in every export, for people and for programs: that it is colorized, and how (XMP, ISO 16684-1)."""

from xml.sax.saxutils import escape, quoteattr

import chromavive
from chromavive.pictures.export_form import Layout, Provenance

CREATOR = f"chromaVive {chromavive.__version__}"

# IPTC NewsCodes, digital source types: existing media edited by a trained algorithm. The colors are a network's; a
# hint of a person moves them, and none of them was in the photograph.
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"

OWN_NAMESPACE = "urn:chromavive:export:1:"

_SAID: dict[Layout, str] = {
    "picture": "Colorized: the lightness is the photograph's, the colors were added with chromaVive.",
    "side_by_side": "Left the photograph in gray; right it is colorized: the colors were added with chromaVive.",
    "colors": "The colors of a colorized photograph, added with chromaVive, to be laid over it with blend mode Color.",
}


def sentence(layout: Layout, made: Provenance) -> str:
    """What is said to people."""
    hints = f"{made.hints} hint{'' if made.hints == 1 else 's'}"
    return f"{_SAID[layout]} Network {made.network}, {hints}, vividness {made.vividness:g}."


def xmp(layout: Layout, made: Provenance) -> bytes:
    """The packet, UTF-8."""
    own = {
        "Network": made.network,
        "WeightsHash": made.weights_hash,
        "Hints": str(made.hints),
        "Vividness": f"{made.vividness:g}",
        "Layout": layout,
    }
    attributes = "".join(f"\n    chromavive:{name}={quoteattr(value)}" for name, value in own.items())
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:chromavive="{OWN_NAMESPACE}"
    xmp:CreatorTool={quoteattr(CREATOR)}
    Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPE}"{attributes}>
   <dc:description>
    <rdf:Alt><rdf:li xml:lang="x-default">{escape(sentence(layout, made))}</rdf:li></rdf:Alt>
   </dc:description>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>""".encode()
