using System.Globalization;

namespace Kennel.Server.Answers;

/// <summary>One clause of an Accept header: <c>application/json;as=Table;v=v1;g=meta.k8s.io;q=0.9</c>.</summary>
sealed record MediaRange(string Type, string Subtype, double Quality, IReadOnlyList<(string Name, string Value)> Parameters)
{
    /// <summary>More clauses than any client has reason to send.</summary>
    const int Most = 32;

    public string? this[string parameter]
    {
        get
        {
            foreach (var (name, value) in Parameters) if (name == parameter) return value;
            return null;
        }
    }

    /// <summary>Best first; of equal quality the more specific, then the one said first.</summary>
    public static IEnumerable<MediaRange> Parse(string accept) => accept.Split(',', Most).Select(One).OrderByDescending(r => r.Quality).ThenBy(r => r.Type == "*").ThenBy(r => r.Subtype == "*");

    static MediaRange One(string clause)
    {
        var parts = clause.Split(';', StringSplitOptions.TrimEntries);
        var slash = parts[0].IndexOf('/', StringComparison.Ordinal);
        var (type, subtype) = slash < 0 ? (parts[0], parts[0] == "*" ? "*" : "") : (parts[0][..slash], parts[0][(slash + 1)..]);
        var quality = 1.0;
        var parameters = new List<(string, string)>(parts.Length - 1);
        foreach (var part in parts.AsSpan(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) continue;
            var (name, value) = (part[..equals].TrimEnd(), part[(equals + 1)..].TrimStart());
            if (name == "q") quality = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? q : 1;
            else parameters.Add((name, value));
        }
        return new(type, subtype, quality, parameters);
    }
}
