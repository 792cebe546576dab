using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Quantities;
using Kennel.Objects.Schemas;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission.Quotas;

/// <summary>A quota as its spec says it.</summary>
sealed record Quota(string Name, string Spec, SortedDictionary<string, Quantity> Hard, IReadOnlyList<Scope> Scopes)
{
    public static Quota Of(JsonObject o)
    {
        var spec = o.Object("spec");
        return new(o.Name(), spec?.ToJsonString() ?? "", PodAmounts.Read(spec.Object("hard")),
        [
            .. spec.Texts("scopes").Select(s => new Scope(s, "Exists", [])),
            .. spec.Object("scopeSelector").Objects("matchExpressions").Select(e => new Scope(e.Text("scopeName"), e.Text("operator"), [.. e.Texts("values")])),
        ]);
    }

    /// <summary>What an object takes of this quota.</summary>
    public SortedDictionary<string, Quantity> Charge(ResourceType type, JsonObject o, DateTimeOffset now)
    {
        var charge = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        if (!Matches(type, o)) return charge;
        foreach (var (name, amount) in Usage.Of(type, o, now))
            if (!amount.IsZero && Hard.ContainsKey(name)) charge[name] = amount;
        return charge;
    }

    public bool Matches(ResourceType type, JsonObject o)
    {
        foreach (var scope in Scopes) if (!scope.Matches(type, o)) return false;
        return true;
    }

    /// <summary>What containers of a new pod have to state and don't, in upstream's words; null when nothing is missing.</summary>
    public string? Missing(JsonObject pod)
    {
        var wanted = Hard.Keys.Where(QuotaNames.MustBeStated).ToList();
        if (wanted.Count == 0 || !Matches(s_pods, pod)) return null;
        var missing = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var spec = pod.Object("spec");
        var whole = Stated(spec.Object("resources"));
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            var stated = Stated(container.Object("resources"));
            foreach (var name in wanted)
            {
                if (stated.ContainsKey(name) || whole.ContainsKey(name)) continue;
                if (!missing.TryGetValue(name, out var names)) missing[name] = names = new(StringComparer.Ordinal);
                names.Add(container.Text("name"));
            }
        }
        return missing.Count == 0 ? null : $"failed quota: {Name}: must specify {string.Join("; ", missing.Select(m => $"{m.Key} for: {string.Join(",", m.Value)}"))}";
    }

    static readonly ResourceType s_pods = Catalog.BuiltIn.Find("", "v1", "pods")!;

    static SortedDictionary<string, Quantity> Stated(JsonObject? resources)
    {
        var stated = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        Usage.Add(stated, PodAmounts.Read(resources.Object("requests")), PodAmounts.Read(resources.Object("limits")));
        return stated;
    }
}
