import "../styles/technician.css";
