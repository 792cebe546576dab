using Kennel.Server.Access.Roles;

namespace Kennel.Server.Bootstrap;

/// <summary>The roles and bindings that every cluster has: what <c>policy.txt</c> says.</summary>
static class Policy
{
    static readonly string[] s_read = ["get", "list", "watch"];
    static readonly string[] s_write = ["create", "delete", "deletecollection", "patch", "update"];
    static readonly Rule s_events = new(["create", "patch", "update"], ["", "events.k8s.io"], ["events"], [], []);

    static readonly Lazy<(IReadOnlyList<PolicyRole> Roles, IReadOnlyList<PolicyBinding> Bindings)> s_all = new(Read);

    public static IReadOnlyList<PolicyRole> Roles => s_all.Value.Roles;

    public static IReadOnlyList<PolicyBinding> Bindings => s_all.Value.Bindings;

    /// <summary>The rules of a ClusterRole; of one that is put together, those of its parts.</summary>
    public static IReadOnlyList<Rule> RulesOf(string name)
    {
        var role = Roles.First(r => r.Namespace.Length == 0 && r.Name == name);
        return role.From.Length == 0 ? role.Rules : [.. Roles.Where(r => r.To == role.From).OrderBy(r => r.Name, StringComparer.Ordinal).SelectMany(r => RulesOf(r.Name))];
    }

    static (IReadOnlyList<PolicyRole>, IReadOnlyList<PolicyBinding>) Read()
    {
        using var file = typeof(Policy).Assembly.GetManifestResourceStream("Kennel.Server.Bootstrap.policy.txt")!;
        using var reader = new StreamReader(file);
        var (roles, bindings) = (new List<PolicyRole>(), new List<PolicyBinding>());
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var words = line.Split(' ');
            switch (words[0])
            {
                case "role":
                    roles.Add(new(words[1], After(words, "in"), After(words, "from"), After(words, "to"), []));
                    break;
                case "controller":
                    roles.Add(new("system:controller:" + words[1], "", "", "", []));
                    bindings.Add(new("system:controller:" + words[1], "", "system:controller:" + words[1], [new("ServiceAccount", words[1], "kube-system")]));
                    break;
                case "bind":
                    bindings.Add(new(words[1], After(words, "in"), After(words, "to") is { Length: > 0 } other ? other : words[1], [.. words.Skip(2).Where(w => w.Contains('/')).Select(Subject)]));
                    break;
                default:
                    roles[^1].Rules.Add(line == "events" ? s_events : Rule(line));
                    break;
            }
        }
        return (roles, bindings);
    }

    static string After(string[] words, string word) => Array.IndexOf(words, word, 2) is > 0 and var at ? words[at + 1] : "";

    static Rule Rule(string line)
    {
        var parts = line.Split(" | ").Select(p => p.Split(' ')).ToArray();
        string[] verbs = parts[0] switch { ["read"] => s_read, ["write"] => s_write, ["all"] => [.. s_write.Concat(s_read).Order(StringComparer.Ordinal)], var said => said };
        return parts.Length == 2
            ? new(verbs, [], [], [], parts[1])
            : new(verbs, [.. parts[1].Select(g => g == "core" ? "" : g)], parts[2], parts.Length > 3 ? parts[3] : [], []);
    }

    static Subject Subject(string word) => word.Split('/') switch
    {
        ["user", var name] => Access.Roles.Subject.User(name),
        ["group", var name] => Access.Roles.Subject.Group(name),
        ["account", var space, var name] => new("ServiceAccount", name, space),
        _ => throw new InvalidDataException($"policy.txt: {word} is no subject"),
    };
}

/// <param name="Namespace">Empty for a ClusterRole.</param>
/// <param name="From">The aggregation label of its parts; empty: it has rules of its own.</param>
/// <param name="To">The aggregation label that it carries; empty for none.</param>
sealed record PolicyRole(string Name, string Namespace, string From, string To, List<Rule> Rules);

/// <param name="Role">A Role of the same namespace, or a ClusterRole.</param>
sealed record PolicyBinding(string Name, string Namespace, string Role, IReadOnlyList<Subject> Subjects);
