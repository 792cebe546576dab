using System.Text;
using System.Text.Json;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Pods;

/// <summary>Adopting and releasing of dependents by their controlling owner reference.</summary>
public static class Claiming
{
    /// <summary>
    /// A patch that changes nothing and only succeeds while the owner is what the cache shows. It goes before adoptions: an owner that is
    /// being deleted with its dependents orphaned must not take them back.
    /// </summary>
    public static Step Guard(IObject owner) =>
        new Step.Patch(owner.Resource, ObjectKey.Of(owner), Metadata(owner.Metadata, null));

    public static Step Adopt(IObject owner, IObject dependent) =>
        Set(dependent, [.. dependent.Metadata.OwnerReferences.Where(r => r.Uid != owner.Metadata.Uid), owner.ControllerReference()]);

    public static Step Release(IObject owner, IObject dependent) =>
        Set(dependent, [.. dependent.Metadata.OwnerReferences.Where(r => r.Uid != owner.Metadata.Uid)]) with { MayFail = true };

    static Step Set(IObject dependent, IReadOnlyList<OwnerReference> references) =>
        new Step.Patch(dependent.Resource, ObjectKey.Of(dependent), Metadata(dependent.Metadata, references));

    /// <summary>The revision is in the patch, since the list of owners is replaced as a whole and must not undo somebody else's change.</summary>
    static string Metadata(ObjectMeta meta, IReadOnlyList<OwnerReference>? references)
    {
        var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, Json.Writing))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata");
            writer.WriteString("uid", meta.Uid);
            writer.WriteString("resourceVersion", meta.ResourceVersion);
            if (references is not null)
            {
                writer.WritePropertyName("ownerReferences");
                Wire.WriteList(writer, references, static (w, r) => r.Write(w));
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(json.ToArray());
    }
}
