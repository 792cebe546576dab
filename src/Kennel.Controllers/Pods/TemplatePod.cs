using Kennel.Client;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Pods;

/// <summary>A pod from a template, named by the server: <c>web-</c> and five characters.</summary>
public static class TemplatePod
{
    public static Pod Of(IObject owner, PodTemplateSpec template) => new()
    {
        Metadata = new()
        {
            GenerateName = owner.Metadata.Name + "-",
            Namespace = owner.Metadata.Namespace,
            Labels = template.Metadata.Labels,
            Annotations = template.Metadata.Annotations,
            Finalizers = template.Metadata.Finalizers,
            OwnerReferences = [owner.ControllerReference()],
        },
        Spec = template.Spec,
    };
}
