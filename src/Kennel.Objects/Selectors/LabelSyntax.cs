namespace Kennel.Objects.Selectors;

/// <summary>What a label's key and value may be, with upstream's complaints.</summary>
public static class LabelSyntax
{
    const int LongestName = 63;
    const int LongestPrefix = 253;

    const string NameRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    const string ValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    const string PrefixRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    /// <summary>What is wrong with a key (<c>app</c>, <c>example.com/app</c>); null when nothing is.</summary>
    public static string? KeyProblem(string key)
    {
        var slash = key.IndexOf('/');
        if (slash >= 0 && key.IndexOf('/', slash + 1) >= 0)
            return $"a qualified name {NameRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        var problems = new List<string>();
        if (slash >= 0) CheckPrefix(key[..slash], problems);
        var name = key[(slash + 1)..];
        if (name.Length == 0) problems.Add("name part must be non-empty");
        else if (name.Length > LongestName) problems.Add($"name part must be no more than {LongestName} bytes");
        if (!IsName(name)) problems.Add($"name part {NameRule}");
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    /// <summary>What is wrong with a value; null when nothing is. The empty value is fine.</summary>
    public static string? ValueProblem(string value)
    {
        var problem = value.Length > LongestName ? $"must be no more than {LongestName} bytes" : null;
        if (value.Length == 0 || IsName(value)) return problem;
        return problem is null ? ValueRule : $"{problem}; {ValueRule}";
    }

    static void CheckPrefix(string prefix, List<string> problems)
    {
        if (prefix.Length == 0) problems.Add("prefix part must be non-empty");
        else if (prefix.Length > LongestPrefix) problems.Add($"prefix part must be no more than {LongestPrefix} bytes");
        if (prefix.Length > 0 && !IsSubdomain(prefix)) problems.Add($"prefix part {PrefixRule}");
    }

    static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1])) return false;
        foreach (var c in text) if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        return true;
    }

    static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length == 0 || part[0] == '-' || part[^1] == '-') return false;
            foreach (var c in part) if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterLower(c) && c != '-') return false;
        }
        return true;
    }
}
