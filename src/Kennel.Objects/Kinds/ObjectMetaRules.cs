using System.Text;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds;

/// <summary>What holds for the metadata of every kind.</summary>
static class ObjectMetaRules
{
    const int MostAnnotationBytes = 256 * 1024;
    const string Immutable = "field is immutable";

    static readonly string[] s_fixed = ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"];

    public static void Check(JsonObject o, KindRules kind, Errors errors)
    {
        At at = "metadata";
        var meta = o.Obj("metadata");
        var name = meta.Text("name") ?? "";
        var prefix = meta.Text("generateName") ?? "";
        if (prefix.Length > 0) errors.Unless(kind.NameProblem(prefix, prefix: true), at["generateName"], prefix);
        if (name.Length == 0) errors.Required(at["name"], "name or generateName is required");
        else errors.Unless(kind.NameProblem(name, prefix: false), at["name"], name);
        CheckNamespace(meta, kind.Type.Namespaced, at, errors);
        CheckRest(meta, at, errors);
    }

    static void CheckNamespace(JsonObject? meta, bool namespaced, At at, Errors errors)
    {
        var space = meta.Text("namespace") ?? "";
        if (!namespaced)
        {
            if (space.Length > 0) errors.Forbidden(at["namespace"], "not allowed on this type");
        }
        else if (space.Length == 0) errors.Required(at["namespace"]);
        else errors.Unless(Names.Label(space), at["namespace"], space);
    }

    static void CheckRest(JsonObject? meta, At at, Errors errors)
    {
        errors.NotNegative(at["generation"], meta.Int("generation"));
        Labels.Check(meta.Obj("labels"), at["labels"], errors);
        CheckAnnotations(meta.Obj("annotations"), at["annotations"], errors);
        CheckOwners(meta.List("ownerReferences"), at["ownerReferences"], errors);
        CheckFinalizers(meta.List("finalizers"), at["finalizers"], errors);
    }

    public static void CheckAnnotations(JsonObject? annotations, At at, Errors errors)
    {
        if (annotations is null) return;
        var bytes = 0L;
        foreach (var (key, value) in annotations)
        {
            errors.Unless(Labels.KeyProblem(key.ToLowerInvariant()), at, key);
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value.AsText() ?? "");
        }
        if (bytes > MostAnnotationBytes) errors.TooLong(at, MostAnnotationBytes);
    }

    static void CheckOwners(JsonArray? owners, At at, Errors errors)
    {
        string? controller = null;
        for (var i = 0; i < owners?.Count; i++)
        {
            var owner = owners[i];
            foreach (var field in (ReadOnlySpan<string>)["apiVersion", "kind", "name", "uid"])
                if (owner.Text(field) is null or "") errors.Invalid(field == "apiVersion" ? at[i]["apiVersion"] : at[i][field], "", field == "apiVersion" ? "version must not be empty" : "must not be empty");
            if (owner.Text("kind") == "Event" && owner.Text("apiVersion") == "v1") errors.Invalid(at[i], owner, "/v1, Kind=Event is disallowed from being an owner");
            if (owner.Bool("controller") != true) continue;
            var name = $"{owner.Text("kind")}/{owner.Text("name")}";
            if (controller is not null) errors.Invalid(at, owners, $"Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {name}");
            controller = name;
        }
    }

    static void CheckFinalizers(JsonArray? finalizers, At at, Errors errors)
    {
        var (orphan, foreground) = (false, false);
        for (var i = 0; i < finalizers?.Count; i++)
        {
            var name = finalizers[i].AsText() ?? "";
            orphan |= name == "orphan";
            foreground |= name == "foregroundDeletion";
            if (Labels.KeyProblem(name) is { } problem) errors.Unless(problem, at, name);
            else if (!name.Contains('/') && name is not ("orphan" or "foregroundDeletion" or "kubernetes"))
                errors.Invalid(at[i], name, "name is neither a standard finalizer name nor is it fully qualified");
        }
        if (orphan && foreground) errors.Invalid(at, finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
    }

    public static void CheckUpdate(JsonObject o, JsonObject old, Errors errors)
    {
        At at = "metadata";
        var (meta, was) = (o.Obj("metadata"), old.Obj("metadata"));
        foreach (var field in s_fixed)
            if (meta.Node(field) is { } value && !Same.Values(value, was.Node(field))) errors.Invalid(at[field], value, Immutable);
        if (meta.Int("generation") < was.Int("generation")) errors.Invalid(at["generation"], meta.Int("generation"), "must not be decremented");
        CheckRest(meta, at, errors);
        if (was.Has("deletionTimestamp")) CheckNoNewFinalizers(meta.List("finalizers"), was.List("finalizers"), at["finalizers"], errors);
    }

    static void CheckNoNewFinalizers(JsonArray? now, JsonArray? was, At at, Errors errors)
    {
        if (now is null) return;
        var added = now.Select(f => f.AsText()).Where(f => was is null || !was.Any(w => w.AsText() == f)).Order(StringComparer.Ordinal).ToList();
        if (added.Count > 0)
            errors.Forbidden(at, $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(f => $"\"{f}\""))}}}");
    }
}
