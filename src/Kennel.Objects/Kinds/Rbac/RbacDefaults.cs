using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Rbac;

static class RbacDefaults
{
    public static void Subject(JsonObject subject)
    {
        if (subject.Text("kind") is "User" or "Group") subject.LackText("apiGroup", "rbac.authorization.k8s.io");
    }
}
