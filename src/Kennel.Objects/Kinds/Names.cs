using System.Buffers;

namespace Kennel.Objects.Kinds;

/// <summary>The shapes of names. Each check answers null, or what is wrong in upstream's words. <c>prefix</c>: a generateName, whose last dash is masked.</summary>
public static class Names
{
    const string LabelRule = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    const string SubdomainRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    const string Label1035Rule = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    static readonly SearchValues<char> s_label = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    static string TooLong(int most) => $"must be no more than {most} characters";

    static ReadOnlySpan<char> Masked(string name, bool prefix) => prefix && name.Length > 1 && name[^1] == '-' ? name.AsSpan(0, name.Length - 1) : name;

    public static string? Label(string name, bool prefix = false)
    {
        var text = Masked(name, prefix);
        return text.Length > 63 ? TooLong(63) : IsLabel(text) ? null : LabelRule;
    }

    public static string? Label1035(string name, bool prefix = false)
    {
        var text = Masked(name, prefix);
        return text.Length > 63 ? TooLong(63) : IsLabel(text) && char.IsAsciiLetterLower(text[0]) ? null : Label1035Rule;
    }

    public static string? Subdomain(string name, bool prefix = false)
    {
        var text = Masked(name, prefix);
        return text.Length > 253 ? TooLong(253) : IsSubdomain(text) ? null : SubdomainRule;
    }

    /// <summary>Names that become one segment of a path (RBAC).</summary>
    public static string? PathSegment(string name, bool prefix = false) => name switch
    {
        "." or ".." => $"may not be '{name}'",
        _ when name.Contains('/') => "may not contain '/'",
        _ when name.Contains('%') => "may not contain '%'",
        _ => null,
    };

    static bool IsLabel(ReadOnlySpan<char> text) =>
        text.Length > 0 && text[0] != '-' && text[^1] != '-' && !text.ContainsAnyExcept(s_label);

    static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        foreach (var part in text.Split('.'))
            if (!IsLabel(text[part])) return false;
        return true;
    }
}
