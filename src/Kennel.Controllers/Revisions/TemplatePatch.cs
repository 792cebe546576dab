using System.Runtime.CompilerServices;
using System.Text.Json;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Revisions;

/// <summary>
/// What a ControllerRevision stores of its set: the pod template as a strategic merge patch (<c>rollout undo</c> sends it as it is).
/// Texts are remembered by object, since caches hand out the same object until it changes.
/// </summary>
public static class TemplatePatch
{
    static readonly ConditionalWeakTable<PodTemplateSpec, string> Texts = [];
    static readonly ConditionalWeakTable<ControllerRevision, PodTemplateSpec> Templates = [];

    /// <summary><c>{"spec":{"template":{"$patch":"replace",…}}}</c>, the same text for the same template always.</summary>
    public static string Of(PodTemplateSpec template) => Texts.GetValue(template, static t =>
    {
        using var json = JsonDocument.Parse(Json.Write(t));
        var text = CanonicalJson.Of(json.RootElement); // '$' sorts before every letter, so the directive comes first
        return $$$"""{"spec":{"template":{"$patch":"replace"{{{(text.Length > 2 ? "," + text[1..] : "}")}}}}}""";
    });

    /// <summary>The template that a revision stores.</summary>
    public static PodTemplateSpec Read(ControllerRevision revision) => Templates.GetValue(revision, static r =>
    {
        if (r.Data is not { } data) return PodTemplateSpec.Empty;
        using var json = JsonDocument.Parse(data.Bytes());
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("spec", out var spec)
            && spec.TryGetProperty("template", out var template)
            ? Json.Read<PodTemplateSpec>(System.Text.Encoding.UTF8.GetBytes(template.GetRawText()))
            : PodTemplateSpec.Empty;
    });

    /// <summary>
    /// Whether a revision stores this template. Compared after reading and writing again, so that revisions that another release wrote
    /// (with <c>creationTimestamp: null</c>, say) are recognised and an upgrade rolls nothing.
    /// </summary>
    public static bool Stores(this ControllerRevision revision, PodTemplateSpec template) => Of(Read(revision)) == Of(template);
}
