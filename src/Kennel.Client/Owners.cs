using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Client;

/// <summary>Reading and writing of owner references.</summary>
public static class Owners
{
    /// <summary>The reference to the controlling owner, or null.</summary>
    public static OwnerReference? Controller(this ObjectMeta meta)
    {
        for (var i = 0; i < meta.OwnerReferences.Count; i++) if (meta.OwnerReferences[i].Controller == true) return meta.OwnerReferences[i];
        return null;
    }

    /// <summary>The uid of the controlling owner, or null.</summary>
    public static string? ControllerUid(this ObjectMeta meta) => meta.Controller()?.Uid;

    /// <summary>A reference that makes <paramref name="owner"/> the controller and keeps it until the dependent is gone in a foreground deletion.</summary>
    public static OwnerReference ControllerReference(this IObject owner) => new()
    {
        ApiVersion = owner.Resource.ApiVersion,
        Kind = owner.Resource.Kind,
        Name = owner.Metadata.Name ?? "",
        Uid = owner.Metadata.Uid ?? "",
        Controller = true,
        BlockOwnerDeletion = true,
    };
}
