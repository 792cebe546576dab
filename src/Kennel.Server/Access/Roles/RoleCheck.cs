namespace Kennel.Server.Access.Roles;

/// <summary>What roles say to a wish, and what all they allow.</summary>
static class RoleCheck
{
    /// <summary>Whether some role allows it, and which; or which roles are bound but missing.</summary>
    public static Opinion Judge(RoleBook book, User user, in Ask ask)
    {
        List<string>? missing = null;
        foreach (var (binding, subject) in book.Of(user, ask.Namespace))
        {
            if (book.Find(binding.RoleKind, binding.Namespace, binding.RoleName) is not { } rules)
            {
                (missing ??= []).Add(Missing(binding));
                continue;
            }
            foreach (var rule in rules)
                if (rule.Allows(ask)) return new(true) { By = binding, For = subject };
        }
        return new(false, missing is null ? "" : $"RBAC: {(missing.Count == 1 ? missing[0] : $"[{string.Join(", ", missing.Distinct())}]")}");
    }

    /// <summary>Everything that a user may in a namespace (or, without one, everywhere).</summary>
    public static (IReadOnlyList<Rule> Rules, IReadOnlyList<string> Missing) RulesOf(RoleBook book, User user, string space)
    {
        var (rules, missing) = (new List<Rule>(), new List<string>());
        foreach (var (binding, _) in book.Of(user, space))
            if (book.Find(binding.RoleKind, binding.Namespace, binding.RoleName) is { } found) rules.AddRange(found);
            else missing.Add(Missing(binding));
        return (rules, missing);
    }

    static string Missing(Binding binding) => $"{binding.RoleKind.ToLowerInvariant()}.rbac.authorization.k8s.io \"{binding.RoleName}\" not found";
}

/// <param name="Objection">What those who decide have to say about a refusal; null for nothing.</param>
readonly record struct Opinion(bool Allowed, string? Objection = null)
{
    public Binding? By { get; init; }

    public Subject For { get; init; }

    /// <summary>By what it is allowed, or why not; empty for nothing. Only reviews ask for the former, so it is put together here.</summary>
    public string Why => By is { } binding ? $"RBAC: allowed by {binding.Describe(For)}" : Objection ?? "";
}
