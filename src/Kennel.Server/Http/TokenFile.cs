namespace Kennel.Server.Http;

/// <summary>Bearer tokens in a file, as upstream reads them: one a line, <c>token,user,uid,"group1,group2"</c>. Lines that begin with # are skipped.</summary>
public static class TokenFile
{
    /// <exception cref="FormatException">A line isn't of this form; the message says which.</exception>
    public static IReadOnlyDictionary<string, User> Parse(string text)
    {
        var tokens = new Dictionary<string, User>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.Split(',', 4) is not [{ Length: > 0 } token, { Length: > 0 } user, var uid, .. var rest]) throw new FormatException($"line {number}: expected token,user,uid,\"group1,group2\"");
            string[] groups = rest is [var said] ? said.Trim('"').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
            if (!tokens.TryAdd(token, new User(user, [.. groups, User.Authenticated]) { Uid = uid })) throw new FormatException($"line {number}: the token is there twice");
        }
        return tokens;
    }
}
