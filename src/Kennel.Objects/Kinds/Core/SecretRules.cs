using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class SecretRules(ResourceType type) : KindRules(type)
{
    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = [("type", "")];

    /// <summary>stringData is only a way of writing: it goes into data and isn't kept.</summary>
    protected override void DefaultMore(JsonObject o)
    {
        if (o.Obj("stringData") is not { } texts) return;
        o.Remove("stringData");
        if (texts.Count == 0) return;
        var data = o.Make("data");
        foreach (var (key, text) in texts) data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.AsText() ?? ""));
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        var data = o.Obj("data");
        DataRules.CheckKeys(data, "data", errors);
        if (DataRules.Bytes(data, base64: true) > DataRules.MostBytes) errors.TooLong("data", DataRules.MostBytes);
        foreach (var key in Needed(o.Text("type")))
            if (!data.Has(key)) errors.Required(((At)"data").Key(key));
        if (o.Text("type") == "kubernetes.io/basic-auth" && !data.Has("username") && !data.Has("password"))
        {
            errors.Required(((At)"data").Key("username"));
            errors.Required(((At)"data").Key("password"));
        }
        if (o.Text("type") == "kubernetes.io/service-account-token" && o.Obj("metadata").Obj("annotations").Text("kubernetes.io/service-account.name") is null or "")
            errors.Required(((At)"metadata")["annotations"].Key("kubernetes.io/service-account.name"));
    }

    static string[] Needed(string? type) => type switch
    {
        "kubernetes.io/tls" => ["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => [".dockerconfigjson"],
        "kubernetes.io/dockercfg" => [".dockercfg"],
        "kubernetes.io/ssh-auth" => ["ssh-privatekey"],
        _ => [],
    };

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        errors.Unchanged("type", o.Node("type"), old.Node("type"));
        DataRules.CheckImmutable(o, old, errors, "data");
        Check(o, errors);
    }
}

/// <summary>What ConfigMaps and Secrets share.</summary>
static class DataRules
{
    public const int MostBytes = 1024 * 1024;

    const string Sealed = "field is immutable when `immutable` is set";

    public static void CheckKeys(JsonObject? data, At at, Errors errors)
    {
        if (data is null) return;
        foreach (var (key, _) in data) errors.Unless(Names.DataKey(key), at.Key(key), key);
    }

    public static long Bytes(JsonObject? data, bool base64)
    {
        var bytes = 0L;
        foreach (var (_, value) in data ?? [])
            if (value.AsText() is { } text) bytes += base64 ? text.AsSpan().TrimEnd('=').Length * 3L / 4 : Encoding.UTF8.GetByteCount(text);
        return bytes;
    }

    public static void CheckImmutable(JsonObject o, JsonObject old, Errors errors, params ReadOnlySpan<string> fields)
    {
        if (old.Bool("immutable") != true) return;
        if (o.Bool("immutable") != true) errors.Forbidden("immutable", Sealed);
        foreach (var field in fields)
            if (!Same.Values(o.Node(field), old.Node(field))) errors.Forbidden(field, Sealed);
    }
}
