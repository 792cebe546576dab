using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Defaulting;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds;

/// <summary>What the rules of a kind may know about the moment of a request, besides the object itself.</summary>
public readonly record struct Occasion(DateTimeOffset Now, Gates Gates = Gates.None)
{
    /// <summary>Tells the writer what was not done as written; null when nobody listens.</summary>
    public Action<string>? Warn { get; init; }
}

/// <summary>What happens to dependents when a deletion doesn't say.</summary>
public enum DeletionPropagation { Background, Foreground, Orphan }

/// <summary>
/// What a schema can't say about a kind. The server calls, in this order: <see cref="Default"/>, then <see cref="PrepareForCreate"/> or
/// <see cref="PrepareForUpdate"/>, then <see cref="Validate"/> or <see cref="ValidateUpdate"/>. All are pure; the objects handed in are
/// decoded ones (known fields only, right types), and "old" ones are not changed. A kind without rules of its own gets those of the metadata.
/// </summary>
public abstract class KindRules(ResourceType type)
{
    static readonly ConcurrentDictionary<ResourceType, KindRules> s_known = new(ReferenceEqualityComparer.Instance as IEqualityComparer<ResourceType>);

    public static KindRules For(ResourceType type) => s_known.GetOrAdd(type, static t => KindTable.Make(t));

    public ResourceType Type { get; } = type;

    protected bool HasStatus { get; } = type.Find("status") is not null;

    /// <summary>Fills in what was left out: first what the defaults' facts say, then <see cref="DefaultMore"/>.</summary>
    public void Default(JsonObject o)
    {
        Defaults.Apply(o, Type.Schema);
        DefaultMore(o);
    }

    /// <summary>Defaults that depend on other fields.</summary>
    protected virtual void DefaultMore(JsonObject o) { }

    /// <summary>The status that a new object begins with, or null for none. Only asked of kinds with a status subresource.</summary>
    protected virtual JsonObject? FirstStatus(JsonObject o, Occasion when) => [];

    /// <summary>Drops what a creator may not say (status) and sets what a new object begins with. Name, uid, times and generation are the server's.</summary>
    public virtual void PrepareForCreate(JsonObject o, Occasion when)
    {
        if (!HasStatus) return;
        o.Remove("status");
        if (FirstStatus(o, when) is { } status) o["status"] = status;
    }

    /// <summary>Keeps the stored status on the main endpoint (<paramref name="subresource"/> null), and the stored spec on "status". Doesn't touch generation.</summary>
    public virtual void PrepareForUpdate(JsonObject o, JsonObject old, string? subresource, Occasion when = default)
    {
        if (subresource == "status") KeepAllBut("status", o, old);
        else if (HasStatus) Keep("status", o, old);
    }

    /// <summary>Everything wrong with an object that is to be created; empty when it may be.</summary>
    public IReadOnlyList<FieldError> Validate(JsonObject o, Gates gates = Gates.None)
    {
        var errors = new Errors(gates);
        ObjectMetaRules.Check(o, this, errors);
        Check(o, errors);
        return errors.List;
    }

    /// <summary>Everything wrong with an update, what <see cref="Validate"/> says of the new object included where upstream checks it again.</summary>
    public IReadOnlyList<FieldError> ValidateUpdate(JsonObject o, JsonObject old, string? subresource, Gates gates = Gates.None)
    {
        var errors = new Errors(gates);
        ObjectMetaRules.CheckUpdate(o, old, errors);
        CheckUpdate(o, old, subresource, errors);
        return errors.List;
    }

    /// <summary>The kind's own rules for a new object.</summary>
    protected virtual void Check(JsonObject o, Errors errors) { }

    /// <summary>The kind's own rules for an update: as for a new one, unless a kind says otherwise.</summary>
    protected virtual void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource != "status") Check(o, errors);
    }

    /// <summary>What is wrong with a name of this kind, or null. <paramref name="prefix"/>: it is a generateName.</summary>
    public virtual string? NameProblem(string name, bool prefix) => Names.Subdomain(name, prefix);

    /// <summary>Texts for <c>Warning</c> headers.</summary>
    public virtual IReadOnlyList<string> Warnings(JsonObject o) => [];

    /// <summary>Fields besides <c>metadata.name</c> and <c>metadata.namespace</c> that lists and watches may select by, with the value of an absent one.</summary>
    protected virtual IReadOnlyList<(string Path, string Absent)> Selectable => [];

    /// <summary>What a field selector may name.</summary>
    public IEnumerable<string> SelectableFields
    {
        get
        {
            yield return "metadata.name";
            if (Type.Namespaced) yield return "metadata.namespace";
            foreach (var (path, _) in Selectable) yield return path;
        }
    }

    /// <summary>The value of a selectable field as text; null when <paramref name="path"/> isn't selectable.</summary>
    public virtual string? Field(JsonElement o, string path)
    {
        if (path is "metadata.name" || path is "metadata.namespace" && Type.Namespaced) return Walk.Text(o, path) ?? "";
        foreach (var (known, absent) in Selectable)
            if (known == path) return Walk.Text(o, path) is { Length: > 0 } value ? value : absent;
        return null;
    }

    /// <summary>Whether <c>metadata.generation</c> counts changes of the spec.</summary>
    public virtual bool HasGeneration => HasStatus && Type.Schema["spec"] is not null;

    /// <summary>Whether the wish (everything but metadata and status) differs in meaning, so that the generation is to be counted up.</summary>
    public virtual bool SpecChanged(JsonObject o, JsonObject old) => !Same.Fields(o, old, "metadata", "status", "apiVersion", "kind");

    /// <summary>Top-level paths that an apply to an endpoint doesn't own.</summary>
    public virtual IReadOnlyList<string> ResetFieldsFor(string? subresource) => !HasStatus ? [] : subresource switch
    {
        null => ["status"],
        "status" => ["spec"],
        _ => [],
    };

    public virtual DeletionPropagation DefaultPropagation => DeletionPropagation.Background;

    /// <summary>Seconds between the wish to delete and the end; 0 deletes at once. <paramref name="asked"/> is what the request said.</summary>
    public virtual long GraceSeconds(JsonElement o, long? asked) => 0;

    protected static void Keep(string field, JsonObject o, JsonObject old)
    {
        if (old[field] is { } kept) o[field] = kept.DeepClone();
        else o.Remove(field);
    }

    static void KeepAllBut(string field, JsonObject o, JsonObject old)
    {
        foreach (var name in (string[])[.. o.Select(p => p.Key)])
            if (name is not ("metadata" or "apiVersion" or "kind") && name != field && old[name] is null) o.Remove(name);
        foreach (var (name, value) in old)
            if (name is not ("metadata" or "apiVersion" or "kind") && name != field) o[name] = value?.DeepClone();
    }
}

/// <summary>A kind without rules of its own.</summary>
sealed class PlainRules(ResourceType type) : KindRules(type);

/// <summary>A kind whose only rule is about its name (RBAC), or that has no generation.</summary>
sealed class SimpleRules(ResourceType type, Func<string, bool, string?> name, bool hasGeneration = true) : KindRules(type)
{
    public override string? NameProblem(string given, bool prefix) => name(given, prefix);

    public override bool HasGeneration => hasGeneration && base.HasGeneration;
}
