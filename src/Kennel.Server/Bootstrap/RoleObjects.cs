using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Server.Access.Roles;
using Kennel.Server.Writing;

namespace Kennel.Server.Bootstrap;

/// <summary>Makes the policy's roles and bindings, and gives back to those that are there what they lack, unless they say that they want to be left alone.</summary>
static class RoleObjects
{
    const string Root = "/apis/rbac.authorization.k8s.io/v1";
    const string Aggregation = "rbac.authorization.k8s.io/";
    const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";

    public static async ValueTask Ensure(Pipeline pipeline, CancellationToken cancel)
    {
        var wanted = Policy.Roles.Select(Role).Concat(Policy.Bindings.Select(Binding)).ToList();
        var there = await There(pipeline, cancel);
        // All at once: they share their commits.
        var made = wanted.Select(w => Ensure(pipeline, w.Collection, w.Object, there.GetValueOrDefault($"{w.Collection}/{w.Object.Name()}"), cancel).AsTask()).ToList();
        foreach (var one in made) await one;
    }

    static async ValueTask Ensure(Pipeline pipeline, string collection, JsonObject wanted, JsonObject? there, CancellationToken cancel)
    {
        if (there is null)
        {
            await Send(pipeline, "POST", collection, wanted, cancel);
            return;
        }
        if (there.Object("metadata").Object("annotations").Text(AutoUpdate) == "false" || !Complete(there, wanted)) return;
        await Send(pipeline, "PUT", $"{collection}/{wanted.Name()}", there, cancel);
    }

    /// <summary>Whether anything was lacking; what was is there now.</summary>
    static bool Complete(JsonObject there, JsonObject wanted) => wanted["roleRef"] is not null
        ? Add(there, wanted, "subjects", (had, want) => had.Exists(h => JsonNode.DeepEquals(h, want)))
        : Add(there, wanted, "rules", (had, want) =>
        {
            var held = had.ConvertAll(Rule.Read);
            return Rule.Read(want).Singles().All(single => held.Exists(h => h.Covers(single)));
        });

    static bool Add(JsonObject there, JsonObject wanted, string list, Func<List<JsonObject>, JsonObject, bool> has)
    {
        var had = there.Objects(list).ToList();
        var lacking = wanted.Objects(list).Where(w => !has(had, w)).ToList();
        if (lacking.Count == 0) return false;
        there[list] = new JsonArray([.. had.Concat(lacking).Select(o => o.DeepClone())]);
        return true;
    }

    static async ValueTask<Dictionary<string, JsonObject>> There(Pipeline pipeline, CancellationToken cancel)
    {
        var all = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var plural in (string[])["clusterroles", "clusterrolebindings", "roles", "rolebindings"])
        {
            var answer = (Answer)await pipeline.Handle(new ApiRequest("GET", $"{Root}/{plural}", "", User.Loopback) { Id = "bootstrap" }, cancel);
            foreach (var o in Stored.Parse(answer.Body).Objects("items"))
                all[$"{Collection(plural, o.Object("metadata").Text("namespace"))}/{o.Name()}"] = o;
        }
        return all;
    }

    static (string Collection, JsonObject Object) Role(PolicyRole role)
    {
        var labels = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" };
        if (role.To.Length > 0) labels[Aggregation + role.To] = "true";
        var o = new JsonObject { ["metadata"] = Metadata(role.Name, labels) };
        if (role.From.Length > 0)
            o["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray(new JsonObject { ["matchLabels"] = new JsonObject { [Aggregation + role.From] = "true" } }) };
        o["rules"] = new JsonArray([.. (role.From.Length > 0 ? Policy.RulesOf(role.Name) : role.Rules).Select(r => r.ToJson())]);
        return (Collection(role.Namespace.Length > 0 ? "roles" : "clusterroles", role.Namespace), o);
    }

    static (string Collection, JsonObject Object) Binding(PolicyBinding binding)
    {
        var o = new JsonObject
        {
            ["metadata"] = Metadata(binding.Name, new() { ["kubernetes.io/bootstrapping"] = "rbac-defaults" }),
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = binding.Namespace.Length > 0 ? "Role" : "ClusterRole", ["name"] = binding.Role },
        };
        if (binding.Subjects.Count > 0) o["subjects"] = new JsonArray([.. binding.Subjects.Select(Subject)]);
        return (Collection(binding.Namespace.Length > 0 ? "rolebindings" : "clusterrolebindings", binding.Namespace), o);
    }

    static JsonNode Subject(Subject subject) => subject.Kind == "ServiceAccount"
        ? new JsonObject { ["kind"] = subject.Kind, ["name"] = subject.Name, ["namespace"] = subject.Namespace }
        : new JsonObject { ["kind"] = subject.Kind, ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = subject.Name };

    static JsonObject Metadata(string name, JsonObject labels) => new() { ["name"] = name, ["labels"] = labels, ["annotations"] = new JsonObject { [AutoUpdate] = "true" } };

    static string Collection(string plural, string space) => space.Length > 0 ? $"{Root}/namespaces/{space}/{plural}" : $"{Root}/{plural}";

    static async ValueTask Send(Pipeline pipeline, string method, string path, JsonObject o, CancellationToken cancel)
    {
        var request = new ApiRequest(method, path, "", User.Loopback) { Body = JsonSerializer.SerializeToUtf8Bytes(o), UserAgent = "kube-apiserver", Id = "bootstrap" };
        var answer = (Answer)await pipeline.Handle(request, cancel);
        if (answer.Status >= 300 && answer.Status != 409) throw new InvalidOperationException($"{path}: {Encoding.UTF8.GetString(answer.Body.Span)}");
    }
}
