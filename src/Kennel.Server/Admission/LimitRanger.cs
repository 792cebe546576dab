using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Admission;

/// <summary>Limit ranges of the namespace: what containers that say nothing ask for, and the least and most that containers, pods and claims may.</summary>
sealed class LimitRanger : IAdmission
{
    const string Annotation = "kubernetes.io/limit-ranger";

    public string Name => "LimitRanger";

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Creating || !admitting.Is("", "Pod")) return null;
        foreach (var range in await Ranges(admitting, cancel)) Complete(admitting.Next, range);
        return null;
    }

    public async ValueTask<Refusal?> Check(Admitting admitting, CancellationToken cancel)
    {
        var pod = admitting.Is("", "Pod");
        if (!Handles(admitting, pod)) return null;
        foreach (var range in await Ranges(admitting, cancel))
        {
            var wrong = range.Object("spec").Objects("limits").SelectMany(limit => pod ? OfPod(limit, admitting.Next.Object("spec")) : OfClaim(limit, admitting.Next.Object("spec"))).Distinct().ToList();
            if (wrong.Count > 0) return admitting.Forbid(wrong.Count == 1 ? wrong[0] : $"[{string.Join(", ", wrong)}]");
        }
        return null;
    }

    /// <summary>What a pod asks for changes only when it is resized.</summary>
    static bool Handles(Admitting admitting, bool pod) => admitting.Call.Route.Subresource switch
    {
        "" => (pod ? admitting.Creating : admitting.Is("", "PersistentVolumeClaim")) && !admitting.Next.Deleting(),
        "resize" => pod,
        _ => false,
    };

    static async ValueTask<IReadOnlyList<JsonObject>> Ranges(Admitting admitting, CancellationToken cancel)
    {
        if (admitting.LimitRanges is { } known) return known;
        var call = admitting.Call;
        var route = new Route(call.Parts.Catalog.Find("", "v1", "limitranges")!, call.Route.Namespace, "", "", "list");
        var page = await call.Parts.Store.Range(new RangeQuery(route.Prefix), cancel);
        return admitting.LimitRanges = page.Entries.Count == 0 ? [] : [.. page.Entries.Select(e => Stored.Parse(e.Value))];
    }

    static IEnumerable<string> OfPod(JsonObject limit, JsonObject? spec)
    {
        switch (limit.Text("type"))
        {
            case "Container":
                return spec.Objects("containers").Concat(spec.Objects("initContainers")).SelectMany(c => Limit.Check(
                    limit, PodAmounts.Read(c.Object("resources").Object("requests")), PodAmounts.Read(c.Object("resources").Object("limits"))));
            case "Pod":
                return Limit.Check(limit, PodAmounts.Requests(spec), PodAmounts.Limits(spec));
            default:
                return [];
        }
    }

    static IEnumerable<string> OfClaim(JsonObject limit, JsonObject? spec) =>
        limit.Text("type") == "PersistentVolumeClaim" ? Limit.CheckRequests(limit, PodAmounts.Read(spec.Object("resources").Object("requests"))) : [];

    static void Complete(JsonObject pod, JsonObject range)
    {
        var (requests, limits) = (new JsonObject(), new JsonObject());
        foreach (var limit in range.Object("spec").Objects("limits").Where(l => l.Text("type") == "Container"))
        {
            foreach (var (name, value) in limit.Object("defaultRequest") ?? []) requests[name] = value?.DeepClone();
            foreach (var (name, value) in limit.Object("default") ?? []) limits[name] = value?.DeepClone();
        }
        var said = new List<string>();
        foreach (var container in pod.Object("spec").Objects("containers")) Fill(container, "container", requests, limits, said);
        foreach (var container in pod.Object("spec").Objects("initContainers")) Fill(container, "init container", requests, limits, said);
        if (said.Count > 0) pod.Metadata().Child("annotations")[Annotation] = $"LimitRanger plugin set: {string.Join("; ", said)}";
    }

    static void Fill(JsonObject container, string what, JsonObject requests, JsonObject limits, List<string> said)
    {
        var resources = container.Child("resources");
        var (asked, most) = (Fill(resources, "requests", requests), Fill(resources, "limits", limits));
        if (asked.Count > 0) said.Add($"{string.Join(", ", asked)} request for {what} {container.Text("name")}");
        if (most.Count > 0) said.Add($"{string.Join(", ", most)} limit for {what} {container.Text("name")}");
    }

    static SortedSet<string> Fill(JsonObject resources, string field, JsonObject from)
    {
        var filled = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in from)
        {
            if (resources.Object(field)?[name] is not null) continue;
            resources.Child(field)[name] = value?.DeepClone();
            filled.Add(name);
        }
        return filled;
    }
}
