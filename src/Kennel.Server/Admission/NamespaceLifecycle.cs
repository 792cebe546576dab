using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>Nothing is made in a namespace that isn't there or that is going; some namespaces never go.</summary>
sealed class NamespaceLifecycle : IAdmission
{
    public string Name => "NamespaceLifecycle";

    static readonly HashSet<string> s_protected = ["default", "kube-system", "kube-public", "kube-node-lease"];

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        var call = admitting.Call;
        if (!admitting.Creating) return null;
        if (admitting.Is("", "Namespace"))
        {
            // What lives in a namespace is held by it until the namespace controller has emptied it.
            if (admitting.Next.Child("spec")["finalizers"] is null) admitting.Next.Child("spec")["finalizers"] = new System.Text.Json.Nodes.JsonArray("kubernetes");
            return null;
        }
        if (!call.Type.Namespaced) return null;
        var type = call.Parts.Catalog.Find("", "v1", "namespaces")!;
        var space = call.Route.Namespace;
        if (await call.Parts.Store.Get(Route.KeyOf(type, "", space), cancel) is not { } entry) return Refusal.NotFound(type, space);
        // Only a namespace that is going has these words in it, so that most need no look at their tree.
        return entry.Value.Span.IndexOf("\"deletionTimestamp\""u8) >= 0 && Stored.Parse(entry.Value).Deleting()
            ? admitting.Forbid($"unable to create new content in namespace {space} because it is being terminated") with
            { Causes = [new FieldError("NamespaceTerminating", "metadata.namespace", $"namespace {space} is being terminated")] }
            : null;
    }

    public static Refusal? Protects(Route route) => route.Type is { Group: "", Kind: "Namespace" } && s_protected.Contains(route.Name)
        ? Refusal.Forbidden(route.Type, route.Name, "this namespace may not be deleted")
        : null;
}
