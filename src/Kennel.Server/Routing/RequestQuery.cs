namespace Kennel.Server.Routing;

/// <summary>The parameters of a request, decoded, in the order sent.</summary>
public sealed class RequestQuery
{
    public static readonly RequestQuery Empty = new("");

    readonly List<(string Name, string Value)> _values = [];

    public RequestQuery(string query)
    {
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = part.IndexOf('=', StringComparison.Ordinal);
            _values.Add(mark < 0 ? (Decode(part), "") : (Decode(part[..mark]), Decode(part[(mark + 1)..])));
        }
    }

    /// <summary>The first value of a parameter, or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (n, value) in _values) if (n == name) return value;
            return null;
        }
    }

    public IEnumerable<string> All(string name) => _values.Where(v => v.Name == name).Select(v => v.Value);

    /// <summary>As upstream reads a boolean: present and neither false nor 0. Python writes False.</summary>
    public bool Flag(string name) => this[name] is { } value && IsTrue(value);

    public static bool IsTrue(string? value) => value != "0" && !string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);

    public bool Has(string name) => !string.IsNullOrEmpty(this[name]);

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
