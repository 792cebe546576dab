using System.Net;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Networking;

static class PolicyPeerRules
{
    const string NotARange = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    public static void Check(JsonNode? peer, At at, Errors errors)
    {
        var selects = peer.Has("podSelector") || peer.Has("namespaceSelector");
        Labels.CheckSelector(peer.Obj("podSelector"), at["podSelector"], errors);
        Labels.CheckSelector(peer.Obj("namespaceSelector"), at["namespaceSelector"], errors);
        if (peer.Obj("ipBlock") is { } block) Block(block, at["ipBlock"], errors);
        if (!selects && !peer.Has("ipBlock")) errors.Required(at, "must specify a peer");
        else if (selects && peer.Has("ipBlock")) errors.Forbidden(at, "may not specify both ipBlock and another peer");
    }

    static void Block(JsonObject block, At at, Errors errors)
    {
        var cidr = block.Text("cidr") ?? "";
        if (cidr.Length == 0)
        {
            errors.Required(at["cidr"]);
            return;
        }
        if (Range(cidr) is not { } whole)
        {
            errors.Invalid(at["cidr"], cidr, NotARange);
            return;
        }
        for (var i = 0; i < block.List("except")?.Count; i++)
        {
            var text = block.List("except")![i].AsText() ?? "";
            if (Range(text) is not { } part) errors.Invalid(at["except"][i], text, NotARange);
            else if (part.PrefixLength <= whole.PrefixLength || !whole.Contains(part.BaseAddress)) errors.Invalid(at["except"][i], text, "must be a strict subset of `cidr`");
        }
    }

    /// <summary>A range; its address may have bits behind its length.</summary>
    static IPNetwork? Range(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var address) || !int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var length)) return null;
        var bytes = address.GetAddressBytes();
        if (length > bytes.Length * 8) return null;
        for (var bit = length; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new(new IPAddress(bytes), length);
    }
}
