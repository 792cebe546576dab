namespace Kennel.Server.Access.Roles;

/// <summary>Nobody gives away what they don't have.</summary>
static class Grants
{
    /// <summary>Those of the wanted rights, put together again by resource, that nobody's rules cover.</summary>
    public static IReadOnlyList<Rule> Lacking(IEnumerable<Rule> held, IEnumerable<Rule> wanted)
    {
        var rules = held.ToList();
        var lacking = wanted.SelectMany(w => w.Singles()).Where(single => !rules.Exists(r => r.Covers(single))).ToList();
        return [.. lacking
            .GroupBy(l => (string.Join(',', l.Groups), string.Join(',', l.Resources), string.Join(',', l.Names), string.Join(',', l.Paths)))
            .Select(same => same.First() with { Verbs = [.. same.SelectMany(s => s.Verbs).Distinct()] })];
    }

    /// <summary>Upstream's words about it.</summary>
    public static string Tell(User user, IReadOnlyList<Rule> lacking, IReadOnlyList<string> missing)
    {
        var groups = string.Join(' ', user.Groups.Select(g => $"\"{g}\""));
        var rights = string.Join('\n', lacking.Select(l => l.ToString()).Order(StringComparer.Ordinal).Distinct());
        return $"user \"{user.Name}\" (groups=[{groups}]) is attempting to grant RBAC permissions not currently held:\n{rights}"
            + (missing.Count > 0 ? $"; resolution errors: [{string.Join(", ", missing)}]" : "");
    }
}
