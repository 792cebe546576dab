using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

/// <summary>Events of the core group and of events.k8s.io, which are the same objects under other field names.</summary>
sealed class EventRules(ResourceType type) : KindRules(type)
{
    static readonly string[] s_object = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

    readonly string _about = type.Group.Length == 0 ? "involvedObject" : "regarding";

    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = Fields(type.Group.Length == 0);

    static (string, string)[] Fields(bool core) =>
        [.. s_object.Select(f => ($"{(core ? "involvedObject" : "regarding")}.{f}", "")), ("reason", ""), ("type", ""), (core ? "reportingComponent" : "reportingController", ""), ("source", "")];

    public override string? Field(JsonElement o, string path) => path switch
    {
        "source" => Walk.Text(o, "source.component") ?? Walk.Text(o, "deprecatedSource.component") ?? Component(o),
        "reportingComponent" or "reportingController" => Component(o),
        _ => base.Field(o, path),
    };

    static string Component(JsonElement o) => Walk.Text(o, "reportingComponent") ?? Walk.Text(o, "reportingController") ?? "";

    protected override void Check(JsonObject o, Errors errors)
    {
        var about = o.Obj(_about).Text("namespace") ?? "";
        var own = o.Obj("metadata").Text("namespace") ?? "";
        if (about.Length == 0 ? own is not ("default" or "kube-system") : about != own)
            errors.Invalid(((At)_about)["namespace"], about, "does not match event.namespace");
    }
}
