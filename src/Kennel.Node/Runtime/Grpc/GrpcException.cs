namespace Kennel.Node.Runtime.Grpc;

/// <summary>The status codes of gRPC that we look at; the rest are told by number.</summary>
public enum GrpcCode
{
    Ok = 0, Canceled = 1, Unknown = 2, InvalidArgument = 3, DeadlineExceeded = 4, NotFound = 5, AlreadyExists = 6, PermissionDenied = 7,
    ResourceExhausted = 8, FailedPrecondition = 9, Aborted = 10, OutOfRange = 11, Unimplemented = 12, Internal = 13, Unavailable = 14,
    DataLoss = 15, Unauthenticated = 16,
}

/// <summary>A call that was answered with another status than OK, or not at all (<see cref="GrpcCode.Unavailable"/>).</summary>
public sealed class GrpcException(GrpcCode code, string detail, Exception? inner = null)
    : Exception($"rpc error: code = {code} desc = {detail}", inner)
{
    public GrpcCode Code { get; } = code;

    /// <summary>What the other side said, without the code in front.</summary>
    public string Detail { get; } = detail;
}
