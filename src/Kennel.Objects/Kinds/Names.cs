using System.Buffers;

namespace Kennel.Objects.Kinds;

/// <summary>
/// The shapes of names. Each check answers null, or what is wrong in upstream's words (several with <c>"; "</c> between). <c>prefix</c>: a
/// generateName, whose last dash is masked.
/// </summary>
public static class Names
{
    const string LabelRule = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    const string SubdomainRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    const string Label1035Rule = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    const string KeyRule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    static readonly SearchValues<char> s_label = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    static readonly SearchValues<char> s_key = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    static string TooLong(int most) => $"must be no more than {most} characters";

    /// <summary>A text can be too long and ill-formed at once.</summary>
    static string? Both(ReadOnlySpan<char> text, int most, string? illFormed) =>
        text.Length <= most ? illFormed : illFormed is null ? TooLong(most) : $"{TooLong(most)}; {illFormed}";

    static ReadOnlySpan<char> Masked(string name, bool prefix) => prefix && name.Length > 1 && name[^1] == '-' ? name.AsSpan(0, name.Length - 1) : name;

    public static string? Label(string name, bool prefix = false)
    {
        var text = Masked(name, prefix);
        return Both(text, 63, IsLabel(text) ? null : text.Contains('.') && IsSubdomain(text) ? "must not contain dots" : LabelRule);
    }

    public static string? Label1035(string name, bool prefix = false)
    {
        var text = Masked(name, prefix);
        return Both(text, 63, IsLabel(text) && char.IsAsciiLetterLower(text[0]) ? null : Label1035Rule);
    }

    public static string? Subdomain(string name, bool prefix = false)
    {
        var text = Masked(name, prefix);
        return Both(text, 253, IsSubdomain(text) ? null : SubdomainRule);
    }

    /// <summary>Names that become one segment of a path (RBAC).</summary>
    public static string? PathSegment(string name, bool prefix = false) => name switch
    {
        "." or ".." => $"may not be '{name}'",
        _ when name.Contains('/') => "may not contain '/'",
        _ when name.Contains('%') => "may not contain '%'",
        _ => null,
    };

    /// <summary>A key of a ConfigMap's or Secret's data.</summary>
    public static string? DataKey(string key) => key switch
    {
        { Length: > 253 } => TooLong(253),
        { Length: 0 } => KeyRule,
        "." => "must not be '.'",
        ".." => "must not be '..'",
        _ when key.StartsWith("..", StringComparison.Ordinal) => "must not start with '..'",
        _ => key.AsSpan().ContainsAnyExcept(s_key) ? KeyRule : null,
    };

    /// <summary>An environment variable's name: printable ASCII without <c>=</c>.</summary>
    public static string? EnvName(string name)
    {
        foreach (var c in name)
            if (c is < ' ' or > '~' or '=')
                return "a valid environment variable name must consist only of printable ASCII characters other than '='";
        return null;
    }

    /// <summary>The name of a port of a container.</summary>
    public static string? PortName(string name)
    {
        if (name.Length > 15) return "must be no more than 15 characters";
        if (name.AsSpan().ContainsAnyExcept(s_label)) return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        if (!name.AsSpan().ContainsAnyInRange('a', 'z')) return "must contain at least one letter (a-z)";
        if (name.Contains("--", StringComparison.Ordinal)) return "must not contain consecutive hyphens";
        return name[0] == '-' || name[^1] == '-' ? "must not begin or end with a hyphen" : null;
    }

    public static string? Port(long number) => number is < 1 or > 65535 ? "must be between 1 and 65535, inclusive" : null;

    static bool IsLabel(ReadOnlySpan<char> text) =>
        text.Length > 0 && text[0] != '-' && text[^1] != '-' && !text.ContainsAnyExcept(s_label);

    internal static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        foreach (var part in text.Split('.'))
            if (!IsLabel(text[part])) return false;
        return true;
    }
}
