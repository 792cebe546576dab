using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Access;
using Kennel.Server.Access.Roles;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>Whoever writes a role or a binding has what it gives away, or the explicit right to escalate or to bind.</summary>
sealed class RoleEscalation : IAdmission
{
    const string Group = "rbac.authorization.k8s.io";

    static readonly Rule[] s_everything = [new(["*"], ["*"], ["*"], [], []), new(["*"], [], [], [], ["*"])];

    public string Name => "RoleEscalation";

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        var call = admitting.Call;
        if (call.Type.Group != Group || call.Request.User.In(User.Masters) || OnlyLetsGo(admitting)) return null;
        return call.Type.Plural is "roles" or "clusterroles" ? await Role(admitting, cancel) : await Binding(admitting, cancel);
    }

    static async ValueTask<Refusal?> Role(Admitting admitting, CancellationToken cancel)
    {
        var (call, next) = (admitting.Call, admitting.Next);
        var ask = new Ask("escalate", Group, call.Type.Plural, "", call.Route.Namespace, admitting.Name);
        if ((await call.Parts.Authorizer.Judge(call.Request.User, ask, null, cancel)).Allowed) return null;
        if (await Confirm(admitting, next.Objects("rules").Select(Rule.Read), cancel) is { } lacking) return lacking;
        var changed = next["aggregationRule"] is { } rule && !JsonNode.DeepEquals(rule, admitting.Live?["aggregationRule"]);
        return changed ? await Confirm(admitting, s_everything, cancel) : null;
    }

    static async ValueTask<Refusal?> Binding(Admitting admitting, CancellationToken cancel)
    {
        var (call, role) = (admitting.Call, admitting.Next.Object("roleRef"));
        var (kind, name, space) = (role.Text("kind"), role.Text("name"), call.Route.Namespace);
        var plural = kind == "Role" ? "roles" : "clusterroles";
        var ask = new Ask("bind", Group, plural, "", space, name);
        if ((await call.Parts.Authorizer.Judge(call.Request.User, ask, null, cancel)).Allowed) return null;
        return await call.Parts.Authorizer.RulesOf(kind, space, name, cancel) is { } rules
            ? await Confirm(admitting, rules, cancel)
            : Refusal.NotFound(call.Parts.Catalog.Find(Group, "v1", plural)!, name);
    }

    static async ValueTask<Refusal?> Confirm(Admitting admitting, IEnumerable<Rule> wanted, CancellationToken cancel)
    {
        var call = admitting.Call;
        var (held, missing) = await call.Parts.Authorizer.RulesOf(call.Request.User, call.Route.Namespace, cancel);
        var lacking = Grants.Lacking(held, wanted);
        return lacking.Count == 0 ? null : admitting.Forbid(Grants.Tell(call.Request.User, lacking, missing));
    }

    /// <summary>Owners and finalizers may change without regard to what the role gives.</summary>
    static bool OnlyLetsGo(Admitting admitting)
    {
        if (admitting.Live is not { } live) return false;
        var (a, b) = (live.DeepClone().AsObject(), admitting.Next.DeepClone().AsObject());
        foreach (var o in (JsonObject[])[a, b])
            foreach (var name in (string[])["finalizers", "ownerReferences", "managedFields", "resourceVersion"]) o.Metadata().Remove(name);
        return JsonNode.DeepEquals(a, b);
    }
}
